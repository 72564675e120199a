"""The eight matters of the demo: what they are, and what is known about them. All of it is invented."""

from dataclasses import dataclass, field

from trygg.spine.matters.models import FactState
from trygg.spine.matters.services import FactAnswer

UNKNOWN = FactAnswer(FactState.UNKNOWN)


def known(**values: object) -> dict[str, FactAnswer]:
    """Facts with values; None stands for "we do not know yet"."""
    return {name: UNKNOWN if value is None else FactAnswer(FactState.VALUE, value) for name, value in values.items()}


@dataclass(frozen=True)
class Story:
    key: str
    owner: str
    officer: str
    kind: str
    title: str
    summary: str
    stage: str
    facts: dict[str, FactAnswer]
    system: dict = field(default_factory=dict)
    vendor: str = ""
    diary: str = ""
    accountable: str = ""
    overseer: str = ""
    decides: str = ""
    decides_org: str = ""
    children: dict[str, str] = field(default_factory=dict)
    documents: tuple[str, ...] = ()


CHILD_TOLD = "Läraren berättar i klassen, och en sida med bilder ligger i lärplattformen."

STORIES = (
    Story(
        "reading", "lindvika-utbildning", "leila", "deployment", "Ordstigen: läshandledare med AI i årskurs 1–6",
        "Lyssnar när eleven läser högt, föreslår nästa text och visar läraren var det tar stopp.",
        "trial", known(
            role="deployer", public_body=True, private_public_service=False, area="school", purpose=["teaching"], touches_children=True,
            age_bands=["6-8", "9-12"], setting="school", child_contact="direct", child_groups=["language", "disability"],
            children_count=640, near_child_protection=False, companion_features=False, can_say_no="same_goal", generative=True,
            generates_content=True, generates_images_or_video=False, generates_audio=False, interacts_with_people=True,
            emotion_or_biometric=False, infers_emotion_from_biometrics=False, infers_mood_from_text=False, exploits_age_weakness=False,
            predicts_crime_from_profile_only=False, annex_iii=True, annex_iii_point="3", annex_iii_sub="3b", high_risk=True,
            affects_individual_decision=False, human_decides=True, personal_data=True, special_category=False, new_technology=True,
            large_scale=False, profiling=True, legal_basis="public_task", shares_data_between_bodies=False, cria_done=True,
            dpia_done=True, fria_done=False, ai_notice_in_child_language=True, staff_operate_ai=True, literacy_measures_logged=True,
            significant_effect=False,
        ),
        {"name": "Ordstigen", "version": "3.1", "summary": "Läshandledare för skolår 1–6, med taligenkänning på svenska."},
        "ordverket", "UBN 2026/0417", "amina", "jonas", "Utbildningsnämnden", "lindvika-utbildning",
        {
            "where": "Tallåsskolan och Björkbackens skola, årskurs 1–6", "told": CHILD_TOLD,
            "say_no": "Ja. Den som säger nej läser med en vuxen i stället och når samma mål.",
            "object": "Tala med läraren eller skriv till skolans expedition. Svar ges inom tio skoldagar.",
            "human": "Läraren är alltid i rummet. Biträdande rektor nås på skolans telefon.",
            "correct": "Läraren kan rätta eller ta bort en uppgift direkt i Ordstigen.",
        }, ("best-interests-assessment", "dpia", "complaint-route"),
    ),
    Story(
        "allocation", "sandhamra-barn", "erik", "deployment", "Skolval: förslag till placering i årskurs 7",
        "Räknar fram ett förslag till vilken skola varje elev får plats på, efter val, syskon och avstånd.",
        "procurement", known(
            role="deployer", public_body=True, area="school", purpose=["administration"], touches_children=True, age_bands=["9-12"],
            setting="school", child_contact="about", children_count=410, near_child_protection=False, generative=False,
            generates_content=False, generates_images_or_video=False, interacts_with_people=False, emotion_or_biometric=False,
            infers_emotion_from_biometrics=False, infers_mood_from_text=False, annex_iii=True, annex_iii_point="3", annex_iii_sub="3a",
            high_risk=True, affects_individual_decision=True, significant_effect=True, human_decides=True, personal_data=True,
            special_category=False, profiling=False, legal_basis="public_task", cria_done=False, dpia_done=False, fria_done=None,
            can_say_no="cannot", shares_data_between_bodies=False,
        ),
        {"name": "Platsvis", "version": "1.0", "summary": "Fördelar skolplatser efter regler som nämnden beslutat."},
        "signalita", "BUN 2026/0098", "maja", "erik", "Barn- och ungdomsnämnden", "sandhamra-barn",
        {"where": "Alla sexor i Sandhamra", "object": "Överklaga placeringen enligt beslutet som kommer hem."},
    ),
    Story(
        "absence", "lindvika-social", "sara", "deployment", "Tidiga signaler: risktal för skolfrånvaro",
        "Ska larma när frånvaron liknar mönster som tidigare lett till långvarig frånvaro.",
        "in_use", known(
            role="deployer", public_body=True, area="social_services", purpose=["support", "safeguarding"], touches_children=True,
            age_bands=["9-12", "13-15"], setting="social_services", child_contact="about", child_groups=["poverty", "disability"],
            children_count=1200, near_child_protection=True, generative=False, generates_content=False, interacts_with_people=False,
            generates_images_or_video=False, emotion_or_biometric=False, infers_emotion_from_biometrics=False,
            infers_mood_from_text=False, annex_iii=None, affects_individual_decision=True, significant_effect=None, human_decides=True,
            personal_data=True, special_category=True, profiling=True, new_technology=True, large_scale=True, legal_basis="public_task",
            shares_data_between_bodies=True, osl_opening_named=None, cria_done=True, dpia_done=True, can_say_no="cannot",
            predicts_crime_from_profile_only=False, first_use_date="2025-01-13",
        ),
        {"name": "Tidiga signaler", "version": "2.4", "summary": "Statistisk modell över frånvaro, betyg och insatser."},
        "signalita", "SN 2025/0211", "sara", "mikael", "Socialnämnden", "lindvika-social",
        {"where": "Årskurs 4–9 i Lindvika", "human": "Elevhälsan tar alltid första kontakten."}, ("dpia", "best-interests-assessment"),
    ),
    Story(
        "companion", "lindvika-utbildning", "leila", "exposure", "Kompisbottar som barn möter hemma",
        "Chattbottar som låtsas vara en vän. Ingen myndighet har valt dem, men barnen berättar om dem i skolan.",
        "in_use", known(
            public_body=True, area="school", touches_children=True, age_bands=["9-12", "13-15", "16-17"], setting="home",
            child_contact="direct", companion_features=True, generative=True, generates_content=True, generates_images_or_video=True,
            generates_audio=True, interacts_with_people=True, emotion_or_biometric=False, infers_mood_from_text=True,
            infers_emotion_from_biometrics=None, personal_data=True, near_child_protection=True, output_block_proved=False,
            annex_iii=False, high_risk=False, affects_individual_decision=False, can_say_no="same_goal",
        ),
        {"name": "Vännen i mobilen (påhittad)", "summary": "Samtalsbot för underhållning, åldersgräns 13 år enligt villkoren."},
        "", "UBN 2026/0502", "amina", "jonas", "Utbildningsnämnden", "lindvika-utbildning",
        {"where": "Hemma, på barnens egna telefoner"},
    ),
    Story(
        "interviews", "lindvika-social", "sara", "deployment", "Tal till text i samtal med barn",
        "Skriver ut samtal mellan barn och socialsekreterare, så att den vuxna kan lyssna i stället för att anteckna.",
        "idea", known(
            role="deployer", public_body=True, area="social_services", purpose=["safeguarding"], touches_children=True,
            age_bands=["0-5", "6-8", "9-12", "13-15", "16-17"], setting="social_services", child_contact="direct", near_child_protection=True,
            generative=False, generates_content=True, generates_images_or_video=False, generates_audio=False, interacts_with_people=False,
            emotion_or_biometric=None, infers_emotion_from_biometrics=None, personal_data=True, special_category=True,
            shares_data_between_bodies=True, osl_opening_named=False, affects_individual_decision=True, human_decides=True,
        ),
        {"name": "Ordrätt", "version": "0.9", "summary": "Taligenkänning som körs på socialtjänstens egna datorer."},
        "ordverket", "SN 2026/0340", "sara", "mikael", "Socialnämnden", "lindvika-social",
        {"where": "Socialtjänstens samtalsrum"},
    ),
    Story(
        "preschool", "eastmere", "priya", "deployment", "A story helper in nurseries",
        "Suggests picture books and songs to staff from what the group has enjoyed. Children never meet it themselves.",
        "in_use", known(
            role="deployer", public_body=True, area="school", purpose=["teaching"], touches_children=True, age_bands=["0-5"],
            setting="preschool", child_contact="indirect", child_groups=["none_found"], children_count=85, near_child_protection=False,
            companion_features=False, generative=False, generates_content=False, generates_images_or_video=False, generates_audio=False,
            interacts_with_people=False, emotion_or_biometric=False, infers_emotion_from_biometrics=False, infers_mood_from_text=False,
            affects_individual_decision=False, personal_data=False, shares_data_between_bodies=False, cria_done=True,
            can_say_no="same_goal", made_for_abuse_material=False, abuse_output_foreseeable=False,
            dfe_standards_checked=True, filter_review_done=True, online_service=False,
            likely_accessed_by_children=False, staff_operate_ai=True, literacy_measures_logged=True, special_category=False,
        ),
        {"name": "Story Basket", "version": "1.2", "vendor_name": "Basketworks (made up)", "summary": "Suggests books and songs to nursery staff."},
        "", "EMC/2026/118", "priya", "tom", "Cabinet Member for Children", "eastmere",
        {
            "where": "Three council nurseries in Eastmere", "told": "Staff tell parents in the welcome talk.",
            "say_no": "Yes. Staff choose books without it.", "object": "Tell the nursery manager, or write to the council.",
            "human": "A member of staff always chooses.", "correct": "No information about children is kept.",
        },
    ),
    Story(
        "emotion", "sandhamra-barn", "erik", "deployment", "Känsloläsning i klassrummet",
        "En leverantör vill visa läraren vilka elever som är uttråkade eller oroliga, med kamera och röst.",
        "idea", known(
            role="deployer", public_body=True, area="school", purpose=["teaching"], touches_children=True, age_bands=["9-12", "13-15"],
            setting="school", child_contact="direct", generative=False, generates_content=False, generates_images_or_video=False,
            interacts_with_people=False, emotion_or_biometric=True, infers_emotion_from_biometrics=True, infers_mood_from_text=False,
            medical_or_safety_exception=False, school_requires_use=True, personal_data=True, special_category=True,
            near_child_protection=False, annex_iii=True, annex_iii_point="1", annex_iii_sub="1c", high_risk=True,
        ),
        {"name": "Stämningen", "version": "5", "summary": "Läser av känslor ur ansikte och röst."},
        "signalita", "BUN 2026/0131", "maja", "erik", "Barn- och ungdomsnämnden", "sandhamra-barn",
        {"where": "Föreslagen för två klasser på Strandskolan"},
    ),
    Story(
        "plan", "norrberga-plan", "nils", "plan", "Detaljplan för Kvarnängen: skolväg, lekplats och träd",
        "En ny stadsdel med 900 bostäder. Skolvägen korsar en gata, och den gamla lekplatsen flyttas.",
        "draft", known(
            public_body=True, area="planning", purpose=["other"], touches_children=True, age_bands=["0-5", "6-8", "9-12", "13-15"],
            setting="other", child_contact="indirect", child_groups=["disability"], children_count=700, near_child_protection=False,
            cria_done=False, shares_data_between_bodies=False, can_say_no="cannot",
        ),
        {}, "", "SBN 2026/0077", "nils", "nils", "Samhällsbyggnadsnämnden", "norrberga-plan",
        {"where": "Kvarnängen och vägen till Ängsskolan"},
    ),
)  # fmt: skip
