"""Forms of the calendar feeds."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from events.calendar.models import Feed
from events.calendar.selections import OF_ORGANISATION, Detail, Scope, Wanted
from events.calendar.sharing import ALARMS
from events.campaigns.models import Campaign
from events.directory.models import Organisation, OrganisationKind
from events.gatherings.models import Event
from events.plans.choosing import choosable
from events.plans.models import Measure
from events.tenancy.models import InviteeLanguage, Tenant
from events.tenancy.permissions import Role
from events.tokens import new_nonce


class NonceForm(forms.Form):
    """A button whose double click counts once: the random nonce in the page decides which address is made."""

    nonce = forms.RegexField(regex=r"^[0-9a-f]{32}$", widget=forms.HiddenInput, initial=new_nonce)


class NarrowingForm(forms.Form):
    """What stands behind the question mark of a public list. `place` is a town, `measure` the number in our address."""

    kind = forms.ChoiceField(required=False, choices=Event.Kind)
    measure = forms.IntegerField(required=False, min_value=1, max_value=2**31)
    place = forms.CharField(required=False, max_length=100)
    language = forms.ChoiceField(required=False, choices=InviteeLanguage)

    def wanted(self) -> Wanted:
        asked = self.cleaned_data
        return Wanted(asked["kind"], asked["measure"], asked["place"], asked["language"])

    def complaint(self) -> str:
        """Which parameters are wrong, in one line of English: a calendar program shows it, if anybody."""
        return f"This address asks for something that does not exist: {', '.join(sorted(self.errors))}."


class PublicFeedForm(NarrowingForm):
    detail = forms.ChoiceField(required=False, choices=Detail)

    def asked(self) -> dict[str, Any]:
        return {"wanted": self.wanted(), "detail": self.cleaned_data["detail"] or Detail.FULL}


class FeedForm(NonceForm):
    """A feed of one's own, one for all with a role, or one that is handed to an organisation (`may_share`)."""

    name = forms.CharField(
        label=_("Name of the feed"),
        max_length=Feed._meta.get_field("name").max_length,
        help_text=_("Where you will use it, such as “Phone” or “Outlook at work”."),
    )
    scope = forms.ChoiceField(
        label=_("What it shows"),
        choices=[(scope, scope.label) for scope in Scope if scope != Scope.PUBLIC],
        initial=Scope.STAFF,
        widget=forms.RadioSelect,
    )
    organisation = forms.ModelChoiceField(
        label=_("Organisation"),
        required=False,
        queryset=Organisation.objects.none(),
        empty_label=_("none"),
        help_text=_("Only for the meetings that one organisation hosts, or those in one network."),
    )
    campaign = forms.ModelChoiceField(
        label=_("Campaign"),
        required=False,
        queryset=Campaign.objects.none(),
        empty_label=_("none"),
        help_text=_("Title, time and town of the meetings that its participants share."),
    )
    detail = forms.ChoiceField(label=_("How much it tells"), choices=Detail, initial=Detail.FULL)
    alarm = forms.TypedChoiceField(
        label=_("Reminder before the meeting"), required=False, coerce=int, empty_value=None
    )
    kind = forms.ChoiceField(label=_("Kind of meeting"), required=False)
    measure = forms.ModelChoiceField(
        label=_("Measure"), required=False, queryset=Measure.objects.none(), empty_label=_("all")
    )
    city = forms.CharField(label=_("Town"), required=False, max_length=100)
    language = forms.ChoiceField(label=_("Language of the meeting"), required=False)
    held_by = forms.ChoiceField(label=_("Whose feed it is"), required=False)

    def __init__(self, data: Any = None, *, tenant: Tenant, may_share: bool) -> None:
        if data is not None:  # a script that names only the feed gets the usual one
            data = {"scope": Scope.STAFF, "detail": Detail.FULL, **data.dict()}
        super().__init__(data)
        every = ("", _("all"))
        self._choices("alarm", (("", _("none")), *ALARMS))
        self._choices("kind", (every, *Event.Kind.choices))
        self._choices("language", (every, *InviteeLanguage.choices))
        asked = Q(events_hosted__isnull=False) | Q(kind=OrganisationKind.NETWORK)
        self._rows("organisation", Organisation.objects.of(tenant).filter(asked).distinct())
        reached = Campaign.objects.across_tenants("its own, and those it takes part in").reached_by(tenant.pk)
        self._rows("campaign", reached)
        self._rows("measure", choosable(tenant))
        roles = ((role, _("all with the role %(role)s") % {"role": role.label}) for role in Role)
        self._choices("held_by", (("", _("mine")), *roles, ("body", _("handed to the organisation"))))
        if not may_share:
            del self.fields["held_by"]

    def _choices(self, name: str, choices: Any) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def _rows(self, name: str, rows: Any) -> None:
        self.fields[name].queryset = rows  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        scope, organisation = told.get("scope"), told.get("organisation")
        if scope == Scope.BODY and not organisation:
            self.add_error("organisation", gettext("Choose the organisation whose meetings the feed shows."))
        elif scope == Scope.NETWORK and (not organisation or organisation.kind != OrganisationKind.NETWORK):
            self.add_error("organisation", gettext("Choose the network whose meetings the feed shows."))
        elif scope == Scope.CAMPAIGN and not told.get("campaign"):
            self.add_error("campaign", gettext("Choose the campaign whose meetings the feed shows."))
        if scope not in OF_ORGANISATION:
            told["organisation"] = None
        if scope != Scope.CAMPAIGN:
            told["campaign"] = None
        self._check_holder(told.get("held_by"), scope)
        return told

    def _check_holder(self, held_by: str | None, scope: str | None) -> None:
        if held_by == "body" and scope != Scope.BODY:
            self.add_error(
                "held_by", gettext("Only a feed of one organisation's meetings can be handed to it.")
            )
        elif held_by and scope == Scope.MINE:
            self.add_error("held_by", gettext("Your own meetings are for a feed of your own."))

    @property
    def narrows(self) -> bool:
        return any(self[name].value() for name in ("kind", "measure", "city", "language"))

    @property
    def shares(self) -> bool:
        return bool(self["held_by"].value())

    def selected(self) -> dict[str, Any]:
        """What the feed shows, as fields of `Feed`."""
        names = (
            "scope",
            "organisation",
            "campaign",
            "detail",
            "alarm",
            "kind",
            "measure",
            "city",
            "language",
        )
        return {name: self.cleaned_data[name] for name in names}
