"""What the component page shows: invented, realistic content in both languages. Only developers see it."""

from datetime import date, timedelta
from types import SimpleNamespace

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils.translation import get_language

from trygg.kernel.ui import parts
from trygg.kernel.ui.forms import DateField, HintedCheckboxSelectMultiple, TextareaWithCount

TODAY = date(2026, 11, 22)


def say(english: str, swedish: str) -> str:
    return swedish if (get_language() or "en").startswith("sv") else english


def courses() -> list[parts.Course]:
    def course(name: str, note: str, **stones: int) -> parts.Course:
        made = [
            parts.Stone(status, f"{name}, {number}", "#claims")
            for status, count in stones.items()
            for number in range(1, count + 1)
        ]
        return parts.Course(name, note, made)

    return [
        course(
            say("Convention on the Rights of the Child", "Barnkonventionen"),
            say("child-rights assessment", "barnrättsbedömning"),
            contested=1,
            missing=2,
            stale=1,
            supported=5,
        ),
        course(
            say("AI Act", "AI-förordningen"),
            say("articles 4, 6, 26 and 50", "artikel 4, 6, 26 och 50"),
            supported=4,
            stale=1,
            missing=2,
        ),
        course(
            say("GDPR", "Dataskyddsförordningen"), say("impact assessment", "konsekvensbedömning"), supported=5, stale=1
        ),
        course(
            say("UNICEF's guidance", "UNICEF:s vägledning"),
            say("AI and children", "AI och barn"),
            supported=3,
            missing=1,
            contested=1,
        ),
        course(
            say("Conditions of the ethics committee", "Villkor från etiska rådet"),
            say("advice of 14 October", "råd 14 oktober"),
            supported=1,
            missing=1,
        ),
    ]


def claims() -> list[parts.Claim]:
    return [
        parts.Claim(
            say(
                "Whoever says no reaches the same goal in another way",
                "Den som säger nej når samma mål på ett annat sätt",
            ),
            "supported",
            say("CRC article 28 · Education Act", "Barnkonventionen, artikel 28 · skollagen"),
            [
                parts.Reason(
                    "supported",
                    say(
                        "The head teacher's routine of 14 September holds until 14 September 2027.",
                        "Rektors rutin från 14 september gäller till 14 september 2027.",
                    ),
                )
            ],
        ),
        parts.Claim(
            say(
                "Children who are affected were heard, and it made a difference",
                "Barn som berörs har kommit till tals, och det har gjort skillnad",
            ),
            "contested",
            say("CRC article 12", "Barnkonventionen, artikel 12"),
            [
                parts.Reason(
                    "contested",
                    say(
                        "A guardian wrote on 12 November that two children were not asked in sign language. The concern is open.",
                        "En vårdnadshavare skrev 12 november att två barn inte fick frågorna på teckenspråk. Anmälan är öppen.",
                    ),
                ),
                parts.Reason(
                    "supported",
                    say(
                        "The consultation in years 3–6 holds: 84 children answered, 3 October.",
                        "Samrådet i årskurs 3–6 gäller: 84 barn svarade, 3 oktober.",
                    ),
                ),
            ],
            parts.Link(say("Answer concern K-0093", "Utred anmälan K-0093"), "#"),
            "Leila Nordin",
            date(2026, 11, 29),
            id="c1",
        ),
        parts.Claim(
            say(
                "The system works as well for children who are learning Swedish",
                "Systemet fungerar lika bra för barn som lär sig svenska",
            ),
            "missing",
            say(
                "UNICEF's guidance, requirement 3 · CRC article 2",
                "UNICEF:s vägledning, krav 3 · Barnkonventionen, artikel 2",
            ),
            [
                parts.Reason(
                    "missing",
                    say(
                        "There is no comparison between groups. At most 5 points of difference in missed errors are allowed.",
                        "Ingen jämförelse mellan grupper finns. Kravet är högst 5 procentenheters skillnad i missade läsfel.",
                    ),
                )
            ],
            parts.Link(say("Ask the vendor for test data", "Be leverantören om testdata"), "#"),
            "Jonas Berglund",
            date(2026, 12, 4),
        ),
        parts.Claim(
            say(
                "The impact assessment is about the version in use",
                "Konsekvensbedömningen gäller den version som används",
            ),
            "stale",
            say("GDPR article 35(11)", "Dataskyddsförordningen, artikel 35.11"),
            [
                parts.Reason(
                    "stale",
                    say(
                        "Version 3.1 was assessed. The school has used 4.0 since 3 November.",
                        "Version 3.1 är bedömd. Skolan använder 4.0 sedan 3 november.",
                    ),
                )
            ],
            parts.Link(say("Go through what changed", "Gå igenom vad som har ändrats"), "#"),
            say("Data protection officer", "Dataskyddsombudet"),
            date(2026, 12, 1),
        ),
    ]


def header() -> parts.StatusHeader:
    return parts.StatusHeader(
        say("Ordstigen: a reading tutor with AI in years 1–6", "Ordstigen: läshandledare med AI i årskurs 1–6"),
        say(
            "System that two schools are trying · UBN 2026/0417 · full review",
            "System som två skolor provar · UBN 2026/0417 · full granskning",
        ),
        [
            parts.Stage(name)
            for name in (
                say("Idea", "Idé"),
                say("Procurement", "Upphandling"),
                say("Trial", "Försök"),
                say("In use", "I bruk"),
                say("Retired", "Avslutat"),
            )
        ],
        2,
        [
            parts.Fact(
                say("Accountable person", "Ansvarig person"),
                "Amina Holm",
                say("head of primary schools", "verksamhetschef, grundskolan"),
            ),
            parts.Fact(
                say("Can pause at once", "Kan pausa genast"),
                "Jonas Berglund",
                say("head teacher, Tallås school", "rektor, Tallåsskolan"),
            ),
            parts.Fact(
                say("Decides", "Beslutar"),
                say("The education board", "Utbildningsnämnden"),
                say("meets 9 December", "sammanträder 9 december"),
            ),
            parts.Fact(
                say("Children affected", "Barn som berörs"),
                say("About 640", "Omkring 640"),
                say("aged 6–12, two schools", "6–12 år, två skolor"),
            ),
        ],
        parts.Action(
            say("Answer concern K-0093", "Utred anmälan K-0093"),
            "#c1",
            say(
                "It is what hinders a decision right now. An answer is due by 29 November.",
                "Det är den som hindrar ett beslut just nu. Svar ska ges senast 29 november.",
            ),
        ),
    )


def events() -> list[parts.Event]:
    return [
        parts.Event(
            date(2026, 12, 9),
            say("The education board decides", "Utbildningsnämnden beslutar"),
            say("if every question is answered", "om alla frågor är utredda"),
        ),
        parts.Event(date(2026, 11, 29), "", say("Answer to concern K-0093 is due", "Svar på anmälan K-0093 ska ges")),
        parts.Event(
            date(2026, 11, 12),
            say("A concern came in", "Anmälan kom in"),
            say("one claim became contested", "ett påstående blev ifrågasatt"),
        ),
        parts.Event(
            date(2026, 11, 3),
            say("Version 4.0 was taken into use", "Version 4.0 togs i bruk"),
            say("two claims went stale", "två påståenden blev inaktuella"),
        ),
        parts.Event(
            date(2025, 10, 14),
            say("The ethics committee gave advice", "Etiska rådet gav råd"),
            say("support with two conditions", "stöd med två villkor"),
            "#",
        ),
    ]


def tasks() -> list[parts.Task]:
    return [
        parts.Task(
            say("Answer concern K-0093 about Ordstigen", "Utred anmälan K-0093 om Ordstigen"),
            "#",
            say(
                "A parent says two children were not asked in sign language. Until it is answered, “children were heard” stays contested.",
                "En förälder skriver att två barn inte fick frågorna på teckenspråk. Tills den är utredd är ”barn har kommit till tals” ifrågasatt.",
            ),
            "contested",
            TODAY - timedelta(days=2),
        ),
        parts.Task(
            say(
                "Finish section 3 of the assessment: how children are told", "Gör klart avsnitt 3: hur barnen får veta"
            ),
            "#",
            say(
                "You have answered 5 of 8 questions. Jonas Berglund left a comment on question 6.",
                "Du har svarat på 5 av 8 frågor. Jonas Berglund har kommenterat fråga 6.",
            ),
            "pencil",
            TODAY + timedelta(days=2),
        ),
        parts.Task(
            say(
                "Send the paper on Early Signals to the ethics committee",
                "Skicka underlaget om Tidiga signaler till etiska rådet",
            ),
            "#",
            say(
                "The snapshot is frozen. The two-page paper is ready to read through.",
                "Underlaget är fryst. De två sidorna är klara att läsa igenom.",
            ),
            "committee",
            TODAY + timedelta(days=5),
        ),
    ]


def seats() -> list[parts.SeatRow]:
    before = say("1 advise against, 1 come back", "1 avråd, 1 kom tillbaka")
    return [
        parts.SeatRow(say("Children and young people", "Barn och unga"), 2, before, ["no", "no"]),
        parts.SeatRow(
            say("Parents", "Föräldrar"),
            2,
            say("1 with conditions, 1 come back", "1 med villkor, 1 kom tillbaka"),
            ["yes", "no"],
        ),
        parts.SeatRow(say("Social services", "Socialtjänst"), 2, say("1 support", "1 stöd"), ["yes", "out"]),
        parts.SeatRow(say("Research", "Forskning"), 1, say("1 with conditions", "1 med villkor"), ["abstain"]),
    ]


class SampleForm(forms.Form):
    """Every kind of question."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"] = forms.CharField(
            label=say("Name of the system", "Systemets namn"),
            help_text=say("As the vendor writes it.", "Som leverantören skriver det."),
        )
        self.fields["mail"] = forms.EmailField(label=say("E-mail address", "E-postadress"), required=False)
        self.fields["school"] = forms.ChoiceField(
            label=say("School", "Skola"),
            choices=[("t", "Tallåsskolan"), ("g", "Granskolan")],
            widget=forms.Select({"class": "govuk-input--width-20"}),
        )
        self.fields["explain"] = forms.ChoiceField(
            label=say(
                "Can a child have it explained why the AI corrected?", "Kan ett barn få förklarat varför AI:n rättade?"
            ),
            widget=forms.RadioSelect({"data-label-size": "m", "data-heading": "1"}),
            choices=[
                ("y", say("Yes, by the teacher, the same day", "Ja, av läraren, samma dag")),
                ("l", say("Yes, but it takes longer", "Ja, men det tar längre tid")),
                ("n", say("No", "Nej")),
                ("u", say("We do not know yet", "Vi vet inte än")),
            ],
        )
        self.fields["told"] = forms.MultipleChoiceField(
            label=say("How do children learn that they work with AI?", "Hur får barnen veta att de arbetar med AI?"),
            help_text=say(
                "Choose all that is done today, not what is planned.",
                "Välj allt som görs i dag, inte det som är planerat.",
            ),
            widget=HintedCheckboxSelectMultiple(
                choice_hints={
                    "words": say("For example: “I am a computer program.”", "Till exempel: ”Jag är ett datorprogram.”")
                }
            ),
            choices=[
                ("teacher", say("The teacher tells them", "Läraren berättar i klassrummet")),
                ("words", say("The system says so in words each time", "Systemet säger det med ord varje gång")),
                ("not", say("They are not told", "Barnen får inte veta det")),
            ],
        )
        self.fields["text"] = forms.CharField(
            label=say(
                "How are children told who do not read Swedish yet?", "Hur får barn veta som inte läser svenska ännu?"
            ),
            max_length=400,
            help_text=say(
                "Use your own words. Two to four sentences are enough.",
                "Skriv med egna ord. Två till fyra meningar räcker.",
            ),
            widget=TextareaWithCount(),
        )
        self.fields["until"] = DateField(
            label=say("Good until", "Gäller till"), help_text=say("For example 27 11 2026", "Till exempel 27 11 2026")
        )
        self.fields["file"] = forms.FileField(label=say("Evidence file", "Underlag som fil"), required=False)
        self.fields["password"] = forms.CharField(
            label=say("Password", "Lösenord"), widget=forms.PasswordInput({"autocomplete": "current-password"})
        )
        self.fields["sure"] = forms.BooleanField(
            label=say("No child is named in what I wrote", "Inget barn nämns vid namn i det jag har skrivit"),
            help_text=say("Never write about one child here.", "Skriv aldrig om ett enskilt barn här."),
        )


def chart() -> parts.Picture:
    import altair  # heavy: only developers wait for it

    from trygg.kernel.ui import charts

    groups = [(say("Born in Sweden", "Födda i Sverige"), 9.3), (say("Born abroad", "Födda utomlands"), 18.5)]
    drawn = (
        altair.Chart({"values": [{"group": name, "share": share} for name, share in groups]})
        .mark_bar(size=26)
        .encode(
            x=altair.X("share:Q", title=say("missed errors, %", "missade läsfel, %")),
            y=altair.Y("group:N", title=None, sort=None),
        )
        .properties(width=420, height=110)
    )
    return charts.svg(
        drawn,
        title=say(
            "Twice as many errors are missed for children born abroad",
            "Dubbelt så många läsfel missas för barn födda utomlands",
        ),
        desc=say("18.5 per cent against 9.3.", "18,5 procent mot 9,3."),
        head=[say("Group", "Grupp"), say("Missed, %", "Missade, %")],
        rows=[
            [name, f"{share:.1f}" if say("e", "s") == "e" else f"{share:.1f}".replace(".", ",")]
            for name, share in groups
        ],
        numeric="1",
    )


def everything(request: HttpRequest) -> dict:
    """The context of the component page."""
    wrong = SampleForm(
        {
            "name": "",
            "mail": "leila(at)lindvika",
            "explain": "",
            "text": say(
                "We show pictures. For NN in 2B the teacher helped.",
                "Vi visar bilder. För NN i 2B hjälpte läraren till.",
            ),
            "until_day": "31",
            "until_month": "2",
            "until_year": "2027",
            "school": "t",
        },
        prefix="w",
    )
    wrong = SampleForm({f"w-{key}": value for key, value in wrong.data.items()}, prefix="w")
    wrong.add_error(
        "text",
        say(
            "The answer names a child. Take the name out and the text is saved.",
            "Svaret nämner ett barn vid namn. Ta bort namnet, så sparas texten.",
        ),
    )
    return {
        "today": TODAY,
        "courses": courses(),
        "claims": claims(),
        "header": header(),
        "events": events(),
        "tasks": tasks(),
        "seats": seats(),
        "steps": [
            say("Recusal", "Jäv"),
            say("First opinion", "Första åsikt"),
            say("Discussion", "Samtal"),
            say("Vote", "Röstning"),
            say("Advice", "Råd"),
        ],
        "statuses": ["supported"] * 18 + ["missing"] * 6 + ["stale"] * 3 + ["contested"] * 2,
        "job": parts.Job(
            say("Bias audit of Early Signals", "Granskning av Tidiga signaler"),
            61,
            say(
                "Step 3 of 5: comparing groups. About 2 minutes left. You can leave this page; we will tell you.",
                "Steg 3 av 5: jämför grupper. Omkring 2 minuter kvar. Du kan lämna sidan, vi säger till.",
            ),
        ),
        "job_unknown": parts.Job(say("Reading the file", "Läser filen")),
        "rows": [
            parts.Row(
                say("Who decides", "Vem bestämmer"),
                say("The education board", "Utbildningsnämnden"),
                parts.Link(say("Change", "Ändra"), "#"),
            ),
            parts.Row(say("Age", "Ålder"), say("6–12 years", "6–12 år")),
            parts.Row(
                say("Groups", "Grupper"),
                [say("All pupils", "Alla elever"), say("Children with a disability", "Barn med funktionsnedsättning")],
            ),
        ],
        "table_head": [say("Group", "Grupp"), say("Children", "Barn"), say("Missed", "Missade")],
        "table_rows": [
            [say("Born in Sweden", "Födda i Sverige"), "1 204", "112"],
            [say("Born abroad", "Födda utomlands"), "286", "53"],
        ],
        "page_obj": Paginator(range(400), 25).get_page(request.GET.get("page") or 6),
        "files": [
            parts.FileItem(
                say("Lesson plan “What is AI?”, year 2", "Lektionsplan ”Vad är AI?”, årskurs 2"),
                say("PDF, 214 kB · good until June 2027", "PDF, 214 kB · gäller till juni 2027"),
                "#",
            ),
            parts.FileItem(
                "Ordverket AB", say("answers section 4, nothing else", "svarar på avsnitt 4, inget annat"), icon="lock"
            ),
        ],
        "qa": [
            parts.QA(
                say("Must my child take part?", "Måste mitt barn vara med?"),
                say(
                    "No. Tell the teacher. The child then practises with an adult.",
                    "Nej. Säg till läraren. Barnet övar då med en vuxen.",
                ),
            ),
            parts.QA(
                say("What is not settled?", "Vad är inte klart?"),
                [
                    say("Two things are contested.", "Två saker är ifrågasatta."),
                    say(
                        "We do not know yet whether it works as well for children who are learning Swedish.",
                        "Vi vet inte än om programmet fungerar lika bra för barn som lär sig svenska.",
                    ),
                ],
                "contested",
            ),
        ],
        "rules": [
            ("supported", say("The teacher sees every correction", "Läraren ser varje rättning")),
            (
                "stale",
                say(
                    "One check is stale: new version since 3 November",
                    "En kontroll är inaktuell: ny version sedan 3 november",
                ),
            ),
            ("contested", say("Two things are contested", "Två saker är ifrågasatta")),
        ],
        "picture": chart(),
        "plain_form": SampleForm(initial={"until": date(2027, 6, 30), "explain": "y", "told": ["teacher"]}, prefix="p"),
        "wrong_form": wrong,
        "words": SimpleNamespace(
            **{
                name: say(*pair)
                for name, pair in {
                    "sentence": (
                        "Of 29 claims, 18 are supported. Two are contested. The board can take it up when they are settled.",
                        "Av 29 påståenden är 18 styrkta. Två är ifrågasatta. Nämnden kan ta upp ärendet när de är utredda.",
                    ),
                    "empty": ("Nothing is shared with you right now", "Inget är delat med dig just nu"),
                    "empty_text": (
                        "When the health region or the police share a section with you, it appears here with what they ask and by when.",
                        "När regionen eller polisen delar ett avsnitt med dig syns det här, med vad de frågar och till när.",
                    ),
                    "why": ("Why we ask", "Varför vi frågar"),
                    "because": (
                        "Children have the right to information that they understand.",
                        "Barn har rätt till information som de förstår.",
                    ),
                    "inset": (
                        "The figures are from spring and say nothing of version 4.0.",
                        "Siffrorna är från i våras och säger inget om version 4.0.",
                    ),
                    "prohibited": (
                        "The AI Act prohibits inferring emotions in schools.",
                        "AI-förordningen förbjuder att man läser av känslor i skolan.",
                    ),
                    "saved": (
                        "The section is saved and sent to student health.",
                        "Avsnittet är sparat och skickat till elevhälsan.",
                    ),
                    "status": ("Saved 10:42, except question 6", "Sparat 10:42, utom fråga 6"),
                    "dissent": (
                        "Nobody asked those who have been through it.",
                        "Ingen har frågat dem som har varit med om det.",
                    ),
                    "by": ("Two youth members, supported by a parent", "Två ungdomsledamöter, med stöd av en förälder"),
                    "history": ("What has happened", "Vad som har hänt"),
                    "submit": ("Save the section", "Spara avsnittet"),
                    "submit_why": (
                        "Student health then reads it. You can open it again until it is signed.",
                        "Elevhälsan får då läsa det. Du kan öppna det igen tills det är undertecknat.",
                    ),
                    "table": ("Missed reading errors by group", "Missade läsfel efter grupp"),
                }.items()
            }
        ),
    }
