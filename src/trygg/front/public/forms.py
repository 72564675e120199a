"""The one form that the public fills: the search. Each text field that the public can fill is registered with its safeguarding route."""

from django import forms
from django.utils.translation import gettext_lazy as _

from trygg.kernel.people.models import Organisation
from trygg.kernel.safeguard import register_field
from trygg.spine.matters.models import Matter
from trygg.spine.publication.models import Audience
from trygg.spine.publication.selectors import Search
from trygg.spine.publication.texts import words_of

register_field("public.SearchForm.q", route="help_box")

ANY = ("", _("Any"))


class SearchForm(forms.Form):
    """What a reader looks for. Wrong values are taken for no value: a search never fails."""

    mark_optional = False
    q = forms.CharField(
        label=_("School, preschool or name of a system"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    owner = forms.ChoiceField(label=_("Owner"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[ANY, *Matter.Kind.choices])
    stage = forms.ChoiceField(label=_("Stage"), required=False, choices=[ANY, *Matter.Stage.choices])
    age = forms.ChoiceField(label=_("Age"), required=False)
    setting = forms.ChoiceField(label=_("Where"), required=False)

    def __init__(self, *args, owners: list[Organisation], audiences: dict[str, list[Audience]], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = [ANY, *((owner.slug, owner.name) for owner in owners)]
        self.fields["age"].choices = [ANY, *((row.value, words_of(row.label)) for row in audiences["age"])]
        self.fields["setting"].choices = [ANY, *((row.value, words_of(row.label)) for row in audiences["setting"])]

    def search(self) -> Search:
        """What was asked for, as far as it makes sense."""
        self.is_valid()
        found = self.cleaned_data
        return Search(
            found.get("q", ""), *(found.get(name, "") for name in ("kind", "stage", "owner", "age", "setting"))
        )

    def shown(self) -> tuple:
        """All that the form shows: what can be chosen, and what was."""
        choices = (tuple(self.fields[name].choices) for name in ("owner", "age", "setting"))
        return (*choices, tuple(sorted(self.data.items())))

    @property
    def filters(self) -> list:
        """The fields besides the words, those with something to choose among."""
        return [
            self[name] for name in ("owner", "kind", "stage", "age", "setting") if len(self.fields[name].choices) > 2
        ]
