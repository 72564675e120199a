"""Short guides, one a role: what one meets first and does next. The long ones stand in docs/guides."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Guide:
    role: str
    title: str
    what: str
    steps: tuple[str, ...]


GUIDES = (
    Guide(
        "public", _("Parents and the public"), _("Find out which AI your child meets, and what is not settled."),
        (
            _("Search for the school, the preschool or the name of the system."),
            _("Choose how you want to read: as a parent, as a child, or with all details."),
            _("The page says whether your child may say no, how to get hold of a human, and what is still missing."),
            _("Each version has a permanent address, so that you can show later what it said."),
        ),
    ),
    Guide(
        "officer", _("Officer"), _("Take an AI system or a plan from an idea to a decision."),
        (
            _("Open a matter and answer the first questions. They decide which rules apply, and how deep the review goes."),
            _("The case page shows what stands, what is missing, what went stale and what is contested, each with its next step."),
            _("Hand sections of the assessment to colleagues, other agencies and the vendor. Nobody sees more than you share."),
            _("Ask the committee for advice, record the decision, and write the page for the public register. Another person approves it."),
        ),
    ),
    Guide(
        "contributor", _("Colleague in another agency"), _("Answer the part that you were asked for."),
        (
            _("The link that you were sent leads to your section. You need no password for one section."),
            _("What you write is saved as you go. Say so when you do not know."),
            _("Never write about one child. Sign off when your agency stands for the answers."),
        ),
    ),
    Guide(
        "vendor", _("Vendor"), _("Answer once about your system, for every municipality that uses it."),
        (
            _("You see the sections about your system, and nothing else of the matter."),
            _("Attach what supports an answer: a model card, a test report. Say which version it is about."),
            _("Announce a new version before it is used: what was shown for the old one no longer holds by itself."),
        ),
    ),
    Guide(
        "committee_member", _("Committee member"), _("Give your own opinion first, then discuss, then vote."),
        (
            _("You read a frozen copy of the case: nothing changes while you decide."),
            _("Say whether you have an interest in the matter. Then you do not take part in it."),
            _("Your first opinion is sealed until all have given theirs. Nobody can see who has not."),
            _("If you disagree with the advice, write why: it is published beside it, in your words."),
        ),
    ),
    Guide(
        "committee_secretary", _("Committee secretary"), _("Call the meeting, and see to it that every voice counts."),
        (
            _("Call the meeting, put matters on the agenda and freeze the case."),
            _("Watch the quorum: Trygg counts it for you, by the rules of your committee."),
            _("Record the advice with its reasons and conditions. The body that decides answers in writing."),
        ),
    ),
    Guide(
        "safeguarding_lead",
        _("Safeguarding lead"),
        _("Look at AI systems with the eyes of child protection."),
        (
            _("Answer the section about danger to children: who is told, and who has tried it."),
            _("Say so when a claim does not hold. It is contested at once, until it is settled."),
            _("If children may be in danger now, call the overseer, who can pause the system at once."),
            _("Trygg is no place for a report about one child. Report to social services yourself."),
        ),
    ),
    Guide(
        "data_steward",
        _("Data steward"),
        _("Know which data are used, on which ground, and for how long."),
        (
            _("Answer the section about data: what is collected, who else gets it, when it is deleted."),
            _("Attach agreements and impact assessments, without personal data."),
        ),
    ),
    Guide(
        "analyst",
        _("Analyst"),
        _("Find out whether a system treats groups of children alike."),
        (
            _("Answer what is known about groups, and say what is not known."),
            _("Attach test reports, and say which version they are about. Never a table in which one child can be told."),
        ),
    ),
    Guide(
        "administrator", _("Administrator"), _("See to it that the right people have the right roles, and no more."),
        (
            _("Invite people with one role each. You need a second factor to sign in."),
            _("You manage people; you see no drafts of other authorities."),
            _("End a membership the day somebody leaves. What the person did stays in the record."),
        ),
    ),
    Guide(
        "auditor", _("Auditor"), _("Prove that nothing was altered, without trusting us."),
        (
            _("You read every matter of your organisation, and change nothing."),
            _("Take an export of the record and check it on your own computer, with a key that is published elsewhere."),
            _("The page “Check the log” has the key, the latest checkpoint and the command."),
        ),
    ),
)  # fmt: skip
