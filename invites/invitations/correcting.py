"""A corrected address: the contact's own, the mail's, and that of whatever else waits to go to the old one."""

from collections.abc import Sequence

from django import forms
from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from events.directory import services as directory
from events.directory.models import Contact
from events.tenancy.models import User
from invites.post import recipients, services
from invites.post.models import OutgoingMail
from invites.post.transports.base import plain_address

NameTaken = directory.NameTaken
NotAllowed = services.NotAllowed


class AddressForm(forms.Form):
    email = forms.EmailField(
        label=_("New e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, data: QueryDict | None, *, mail: OutgoingMail, contact: Contact) -> None:
        """Offers the contact's address where somebody set it right in the directory meanwhile."""
        super().__init__(data, initial={"email": contact.email or mail.to_address})
        self.mail, self.contact = mail, contact

    def clean_email(self) -> str:
        address = str(self.cleaned_data["email"]).lower()
        try:
            plain_address(address)
        except ValueError:
            raise forms.ValidationError(_("This address has letters that no mail can be sent to.")) from None
        if address == self.mail.to_address.lower():
            raise forms.ValidationError(
                _("This is the address that the mail was sent to. Write the new one, or use “Send again”.")
            )
        same = Contact.objects.of(self.contact.tenant_id).filter(name=self.contact.name, email=address)
        if same.exclude(pk=self.contact.pk).exists():
            raise forms.ValidationError(_("A contact with this name and address exists already."))
        return address


def contact_of(mail: OutgoingMail) -> Contact | None:
    """Whom the mail is to; None for a mail that is to no contact of its tenant."""
    pk = recipients.contacts_of([mail]).get(mail.pk)
    contacts = Contact.objects.of(mail.tenant_id).select_related("organisation")
    return contacts.filter(pk=pk).first() if pk else None


@transaction.atomic
def correct(mail: OutgoingMail, contact: Contact, *, address: str, by: User) -> int:
    """Sends `mail` again to `address`: the same row and revision, the same link, a new delivery.

    The contact gets the address too, and so do the mails to this contact that are not handed over yet, also where a
    worker has written them to the old one; returns how many those are. Raises NotAllowed when somebody was here before
    (a double click), NameTaken when another contact of this name has the address; then nothing is changed.
    """
    old = mail.to_address
    services.send_again(mail, by=by, to=address)
    directory.change_contact(contact, by=by, facts={"email": address})
    states = OutgoingMail.State
    unsent = OutgoingMail.objects.of(mail.tenant_id).filter(
        state__in=(states.QUEUED, states.CLAIMED), to_address__iexact=old
    )
    theirs = _to_contact(list(unsent.order_by("pk")), contact)
    return unsent.filter(pk__in=theirs).update(to_address=address, state=states.QUEUED)


def _to_contact(mails: Sequence[OutgoingMail], contact: Contact) -> list[int]:
    """Those of `mails` that are to `contact`; two people may share one address."""
    found = recipients.contacts_of(mails)
    return [mail.pk for mail in mails if found.get(mail.pk) == contact.pk]
