from django.apps import AppConfig


class InvitesConfig(AppConfig):
    name = "invites"

    def ready(self) -> None:
        """The rooms that write mails name their kinds to the outbox."""
        from invites.answers import mails as receipts  # noqa: F401 - registers itself
        from invites.answers import truth  # noqa: F401 - registers itself
        from invites.answers.feeds import opening as feeds  # noqa: F401 - registers the invitee's own feed
        from invites.answers.needs import section as needs  # noqa: F401 - registers itself
        from invites.answers.own import erasing  # noqa: F401 - registers what this floor holds about a person
        from invites.answers.own import mails as own_mails  # noqa: F401 - registers itself
        from invites.answers.own import services as own_page  # noqa: F401 - registers itself
        from invites.answers.questions import section as questions  # noqa: F401 - registers itself
        from invites.answers.requests import mails as requests  # noqa: F401 - registers itself
        from invites.answers.requests import sections  # noqa: F401 - registers itself
        from invites.answers.requests import truth as asked  # noqa: F401 - registers itself
        from invites.answers.seats import grouping, handing  # noqa: F401 - register themselves
        from invites.answers.seats import mails as offers  # noqa: F401 - registers itself
        from invites.invitations import (
            campaigns,  # noqa: F401 - registers its numbers
            locking,  # noqa: F401 - registers itself
            merging,  # noqa: F401 - registers its rule for merged contacts
        )
        from invites.invitations import mails as invitations  # noqa: F401 - registers itself
        from invites.invitations.drafting import mails as trials  # noqa: F401 - registers itself
        from invites.invitations.guests import services as calls  # noqa: F401 - registers itself
        from invites.invitations.place import mails as places  # noqa: F401 - registers itself
        from invites.invitations.reminders import mails as reminders  # noqa: F401 - registers itself
        from invites.invitations.telling import mails as notices  # noqa: F401 - registers itself
        from invites.replies import holdings as inbound  # noqa: F401 - registers what came by mail
        from invites.replies import mails as replies  # noqa: F401 - registers itself
        from invites.replies import sections as to_decide  # noqa: F401 - registers itself
        from invites.replies import truth as came_in  # noqa: F401 - registers itself
