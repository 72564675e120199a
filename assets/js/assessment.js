/* Answers are stored while they are typed. The page works without this script: its button saves everything.
   form[data-assessment=URL of the page] holds cards: [data-item][data-autosave-item=URL]. Words come from [data-save-status]. */

const form = document.querySelector("form[data-assessment]");
if (form) start(form);

function start(form) {
  const status = document.querySelector(`[data-save-status="${form.id}"]`);
  const cards = new Map(); // item -> {element, timer, running, again, dirty, stopped}
  const REST = 1500, MOST = 8000, RETRY = 10000;

  const say = (state, text) => {
    if (!status || !text) return;
    status.classList.toggle("t-saved--not", state === "not");
    status.querySelector("[data-save-text]").textContent = text;
  };
  const word = (name) => status?.dataset[name] ?? "";
  const unsaved = () => [...cards.values()].some((card) => card.dirty);

  /* Signing in again, in another tab, gives a new token: the cookie has it. */
  const freshToken = () => {
    const found = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
    if (found) for (const input of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) input.value = found[1];
  };

  const bodyOf = (element) => {
    const body = new FormData();
    body.set("csrfmiddlewaretoken", form.querySelector("input[name=csrfmiddlewaretoken]").value);
    for (const input of element.querySelectorAll("input[name], textarea[name], select[name]")) {
      if (!/^[anmy]-/.test(input.name) || input.disabled) continue;
      if ((input.type === "radio" || input.type === "checkbox") && !input.checked) continue;
      body.append(input.name, input.value);
    }
    return body;
  };

  const tell = (card, text, link, linkText) => {
    const place = card.element.querySelector("[data-card-status]");
    place.replaceChildren();
    if (!text) return;
    place.append(text);
    if (!link) return;
    const a = document.createElement("a");
    a.className = "govuk-link";
    a.href = link;
    a.textContent = linkText;
    place.append(" ", a);
  };

  const warn = (card, texts) => {
    const place = card.element.querySelector("[data-warnings]");
    place.replaceChildren(...texts.map((text) => {
      const line = document.createElement("p");
      line.className = "t-writing-warning";
      const mark = document.createElement("span");
      mark.textContent = "!";
      mark.setAttribute("aria-hidden", "true");
      const words = document.createElement("span");
      words.textContent = text;
      line.append(mark, words);
      return line;
    }));
    place.setAttribute("role", texts.length ? "status" : "presentation");
  };

  const save = async (card) => {
    clearTimeout(card.timer);
    card.timer = card.first = undefined;
    if (form.dataset.sent) return;
    if (card.running) { card.again = true; return; }
    card.running = true;
    card.again = false;
    freshToken();
    say("busy", word("saving"));
    const sent = bodyOf(card.element);
    try {
      const answer = await fetch(card.element.dataset.autosaveItem, { method: "POST", body: sent, redirect: "manual", headers: { "X-Requested-With": "autosave" } });
      const said = answer.headers.get("content-type")?.includes("json") ? await answer.json() : {};
      if (answer.ok || answer.status === 409) {
        card.dirty = card.again;
        card.element.querySelector(`input[name="m-${CSS.escape(card.element.dataset.item)}"]`).value = said.mark;
        warn(card, said.warnings);
        /* An answer that was taken over is one's own now: what says that it is not goes, but never from under the fingers. */
        const theirs = card.element.querySelector("[data-theirs]");
        if (theirs && said.theirs === false && !theirs.contains(document.activeElement)) theirs.remove();
        if (answer.ok) { tell(card); say("saved", said.message); } else { tell(card, said.message, said.choose, said.choose_text); say("not", said.message); }
        if (answer.ok && said.asked) await follow(said.asked);
      } else if (answer.status === 422 || said.message) {
        tell(card, said.message);
        say("not", said.message);
      } else {
        const over = answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403;
        say("not", over ? word("expired") : word("failed"));
        if (!over) card.timer = setTimeout(save, RETRY, card);
      }
    } catch {
      say("not", word("offline"));
      card.timer = setTimeout(save, RETRY, card);
    } finally {
      card.running = false;
      if (card.again) save(card);
    }
  };

  /* Follow-up questions: the server says which are asked; new ones are fetched from the page itself. */
  const follow = async (asked) => {
    const wanted = new Set(asked);
    for (const [item, card] of cards) {
      if (wanted.has(item) || card.dirty || card.element.contains(document.activeElement)) continue;
      card.element.remove();
      cards.delete(item);
    }
    if ([...wanted].every((item) => cards.has(item))) return;
    const page = await fetch(form.dataset.assessment, { headers: { "X-Requested-With": "autosave" } });
    if (!page.ok) return;
    const fresh = new DOMParser().parseFromString(await page.text(), "text/html");
    let before = null;
    const put = (element) => {
      const added = document.importNode(element, true);
      form.insertBefore(added, before ? before.nextElementSibling : form.querySelector("[data-opening], [data-autosave-item], .t-act"));
      return added;
    };
    for (const element of fresh.querySelectorAll("form[data-assessment] :is([data-opening], [data-autosave-item])")) {
      const { item, opening } = element.dataset;
      if (opening) {
        before = form.querySelector(`[data-opening="${CSS.escape(opening)}"]`) ?? put(element);
        continue;
      }
      if (!cards.has(item)) watch(put(element));
      before = cards.get(item).element;
    }
  };

  const watch = (element) => {
    const card = { element, dirty: false };
    cards.set(element.dataset.item, card);
    const later = (wait) => {
      card.dirty = true;
      const now = Date.now();
      card.first ??= now;
      clearTimeout(card.timer);
      card.timer = setTimeout(save, Math.max(0, Math.min(wait, card.first + MOST - now)), card);
    };
    const ours = (event) => /^[any]-/.test(event.target.name ?? "");
    element.addEventListener("input", (event) => { if (ours(event)) later(REST); });
    element.addEventListener("change", (event) => { if (ours(event)) later(0); });
  };

  for (const element of form.querySelectorAll("[data-autosave-item]")) watch(element);
  form.addEventListener("submit", freshToken);
  window.addEventListener("online", () => { for (const card of cards.values()) if (card.dirty) save(card); });
  window.addEventListener("focus", () => { for (const card of cards.values()) if (card.dirty && !card.timer) save(card); });
  window.addEventListener("beforeunload", (event) => { if (unsaved() && !form.dataset.sent) event.preventDefault(); });
}
