"""What a comparison can show, and what a group is compared with; the name of the form in which audits travel."""

from enum import StrEnum

AUDIT_FORMAT = "trygg-audit/1"


class Verdict(StrEnum):
    """The four states. Only NO_MATERIAL_DISPARITY supports a claim: that nothing was found shows nothing."""

    DISPARITY_SHOWN = "disparity_shown"
    SHOWN_BELOW_MATERIAL = "shown_below_material"
    NO_MATERIAL_DISPARITY = "no_material_disparity"
    NOT_ENOUGH_DATA = "not_enough_data"


class Against(StrEnum):
    """What a group is compared with."""

    GROUP = "group"
    EVERYONE_ELSE = "everyone_else"
    RECORDED = "recorded"
