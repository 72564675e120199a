/* Trygg's few lines of script. Every page works without them.
   Attributes: form[data-autosave=URL], [data-save-status], a[data-leave], form (sent once), form[data-unsaved],
   [data-listen]. */

import { createAll, CharacterCount, ErrorSummary, NotificationBanner, PasswordInput, SkipLink } from "../govuk/govuk-frontend.min.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
for (const part of [CharacterCount, ErrorSummary, NotificationBanner, PasswordInput, SkipLink]) createAll(part);
// A page that the browser shows again from its memory must not stay blocked as sent.
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.forms) delete form.dataset.sent;
});

/* Leave at once: no way back to this page by the back button. Without script it is a plain link. */
const leave = document.querySelector("a[data-leave]");
if (leave) {
  const go = (event) => {
    event?.preventDefault();
    dirty.clear();
    document.body.hidden = true;
    window.location.replace(leave.href);
  };
  leave.addEventListener("click", go);
  let presses = [];
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") { presses = []; return; }
    presses = [...presses.filter((at) => event.timeStamp - at < 3000), event.timeStamp];
    if (presses.length >= 3) go();
  });
}

/* What is typed and not sent. */
const dirty = new Set();
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("input", () => { if (form.matches("[data-autosave], [data-unsaved]")) dirty.add(form); });
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    setTimeout(() => delete form.dataset.sent, 8000); // the answer may be a file: the page stays
    dirty.delete(form);
  });
}
window.addEventListener("beforeunload", (event) => { if (dirty.size) event.preventDefault(); });

/* Autosave: posts the form when it rests, and says in words what happened. The server answers 204, or 422 with {"message": "..."}. */
for (const form of document.querySelectorAll("form[data-autosave]")) {
  const status = document.querySelector(`[data-save-status="${form.id}"]`) ?? form.querySelector("[data-save-status]");
  const say = (state, text) => {
    if (!status) return;
    status.classList.toggle("t-saved--not", state === "not");
    status.querySelector("[data-save-text]").textContent = text;
  };
  let timer, running = false, again = false;
  const time = () => new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" }).format(new Date());
  const save = async () => {
    if (form.dataset.sent) return;
    if (running) { again = true; return; }
    running = true; again = false; dirty.delete(form);
    say("busy", status?.dataset.saving ?? "");
    const body = new FormData(form);
    for (const [name, value] of [...body]) if (value instanceof File) body.delete(name); // files go with the button
    try {
      const answer = await fetch(form.dataset.autosave, { method: "POST", body, redirect: "manual", headers: { "X-Requested-With": "autosave" } });
      if (answer.ok) say("saved", (status?.dataset.saved ?? "").replace("%s", time()));
      else {
        dirty.add(form);
        const said = answer.status === 422 ? await answer.json().catch(() => ({})) : {};
        say("not", said.message ?? (answer.type === "opaqueredirect" || [401, 403].includes(answer.status) ? status?.dataset.expired : status?.dataset.failed) ?? "");
      }
    } catch {
      dirty.add(form);
      say("not", status?.dataset.offline ?? "");
      clearTimeout(timer);
      timer = setTimeout(save, 10000);
    } finally {
      running = false;
      if (again) save();
    }
  };
  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(save, 1200); });
  form.addEventListener("change", () => { clearTimeout(timer); timer = setTimeout(save, 200); });
  window.addEventListener("online", () => { if (dirty.has(form)) save(); });
}

/* Pages that wait for a job look again by themselves when nobody reads further down. */
const again = document.querySelector("[data-refresh-seconds]");
if (again) setTimeout(() => { if (!dirty.size) window.location.reload(); }, Number(again.dataset.refreshSeconds) * 1000);

/* Words that are explained: Esc puts the explanation away, a tap shows it before the link is followed, and it keeps inside the window. */
const terms = (selector) => document.querySelectorAll(selector);
const settle = (event) => {
  for (const term of terms(".t-term--away, .t-term--open")) if (!term.contains(event.target)) term.classList.remove("t-term--away", "t-term--open");
  const term = event.target.closest?.(".t-term"), box = term?.querySelector(".t-term__box");
  if (!box || term.dataset.placed) return;
  term.dataset.placed = "1";
  const place = box.getBoundingClientRect();
  term.classList.toggle("t-term--end", place.right > document.documentElement.clientWidth || place.left < 0);
};
for (const kind of ["pointerover", "focusin"]) document.addEventListener(kind, settle);
document.addEventListener("pointerout", (event) => { const term = event.target.closest?.(".t-term"); if (term && !term.contains(event.relatedTarget)) { delete term.dataset.placed; term.classList.remove("t-term--away"); } });
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") for (const term of terms(".t-term:hover, .t-term:focus-within, .t-term--open")) { term.classList.add("t-term--away"); term.classList.remove("t-term--open"); }
});
document.addEventListener("click", (event) => {
  const term = event.target.closest(".t-term__word")?.closest(".t-term");
  if (!term || event.pointerType !== "touch" || term.classList.contains("t-term--open")) return;
  event.preventDefault();
  term.classList.remove("t-term--away");
  term.classList.add("t-term--open");
});

/* Listen to the page: the device reads it, piece by piece. Only voices of the device itself: a voice in the network would tell its
   owner what a child reads. Without such a voice in the page's language there is no button. */
const listen = document.querySelector("[data-listen]");
if (listen && window.speechSynthesis && window.SpeechSynthesisUtterance) {
  const button = listen.querySelector("button"), word = button.querySelector("span"), start = word.textContent;
  const language = (element) => (element.closest("[lang]")?.lang || document.documentElement.lang).split("-")[0].toLowerCase();
  const voice = (code) => speechSynthesis.getVoices().find((one) => one.localService && one.lang.toLowerCase().split(/[-_]/)[0] === code);
  const show = () => { listen.hidden = !voice(language(document.documentElement)); };
  let reading = 0;
  const stop = () => { reading += 1; speechSynthesis.cancel(); word.textContent = start; };
  const pieces = () => [...document.querySelectorAll("main h1, main h2, main p, main li")].filter(
    (element) => !element.closest("[data-listen], .t-reading, .t-safe, .t-messages, nav, form, aside") && !element.querySelector("p, li") && element.innerText.trim(),
  );
  button.addEventListener("click", () => {
    if (word.textContent !== start) { stop(); return; }
    speechSynthesis.cancel();
    const mine = ++reading, rest = pieces();
    word.textContent = button.dataset.stop;
    const next = () => {
      if (mine !== reading) return;
      const element = rest.shift();
      if (!element) { stop(); return; }
      const spoken = new SpeechSynthesisUtterance(element.innerText.trim());
      spoken.voice = voice(language(element)) ?? null;
      spoken.lang = spoken.voice?.lang ?? language(element);
      spoken.onend = next;
      spoken.onerror = () => { if (mine === reading) stop(); };
      if (spoken.voice) speechSynthesis.speak(spoken); else next();
    };
    next();
  });
  window.addEventListener("pagehide", stop);
  speechSynthesis.addEventListener?.("voiceschanged", show);
  show();
}
