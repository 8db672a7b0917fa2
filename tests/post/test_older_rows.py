"""Rows that were written before mails had series are found by those that came after."""

from importlib import import_module
from types import SimpleNamespace

from django.db import connection
from django.db.migrations.loader import MigrationLoader

from invites.post.models import OutgoingMail
from tests.factories import event, invitation

migration = import_module("invites.migrations.0009_series_of_older_invitations")


def mail(row, kind):
    return OutgoingMail.objects.create(
        tenant=row.tenant, kind=kind, subject_id=row.pk, to_address="amina@moske.example"
    )


def test_an_invitation_from_before_there_were_series_gets_its_own_and_nothing_else_does(sandefjord):
    row = invitation(event(sandefjord))
    older = [mail(row, kind) for kind in ("invitation", "receipt", "trial")]
    then = MigrationLoader(connection).project_state().apps
    for _twice in range(2):
        migration.name_the_series(then, SimpleNamespace(connection=connection))
    assert [OutgoingMail.objects.of(sandefjord).get(pk=one.pk).series for one in older] == [
        "invitation",
        "",
        "",
    ]
