import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0016_series"),
    ]

    operations = [
        migrations.CreateModel(
            name="Campaign",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "draft"), ("open", "under way"), ("closed", "ended")],
                        default="draft",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("theme", models.CharField(blank=True, max_length=300, verbose_name="theme")),
                (
                    "builds_on",
                    models.CharField(blank=True, max_length=300, verbose_name="builds on the plan"),
                ),
                (
                    "coordinator_name",
                    models.CharField(blank=True, max_length=200, verbose_name="coordinated by"),
                ),
                (
                    "trigger_what",
                    models.CharField(blank=True, max_length=100, verbose_name="what set it off"),
                ),
                ("trigger_sender", models.CharField(blank=True, max_length=200, verbose_name="sent by")),
                ("trigger_to", models.CharField(blank=True, max_length=300, verbose_name="sent to")),
                ("trigger_on", models.DateField(blank=True, null=True)),
                (
                    "trigger_precision",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("day", "day"),
                            ("month", "month"),
                            ("quarter", "quarter"),
                            ("season", "season"),
                            ("year", "year"),
                        ],
                        max_length=10,
                        null=True,
                    ),
                ),
                (
                    "trigger_text",
                    models.TextField(blank=True, verbose_name="its text, or where it can be found"),
                ),
                ("from_on", models.DateField(blank=True, null=True)),
                (
                    "from_precision",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("day", "day"),
                            ("month", "month"),
                            ("quarter", "quarter"),
                            ("season", "season"),
                            ("year", "year"),
                        ],
                        max_length=10,
                        null=True,
                    ),
                ),
                ("until_on", models.DateField(blank=True, null=True)),
                (
                    "until_precision",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("day", "day"),
                            ("month", "month"),
                            ("quarter", "quarter"),
                            ("season", "season"),
                            ("year", "year"),
                        ],
                        max_length=10,
                        null=True,
                    ),
                ),
                (
                    "variation",
                    models.TextField(blank=True, verbose_name="what may differ from place to place"),
                ),
                ("observers", models.CharField(blank=True, max_length=200, verbose_name="observers")),
                (
                    "observers_purpose",
                    models.CharField(blank=True, max_length=300, verbose_name="why they are there"),
                ),
                (
                    "contact_name",
                    models.CharField(blank=True, max_length=200, verbose_name="who answers questions"),
                ),
                (
                    "contact_email",
                    models.EmailField(blank=True, max_length=254, verbose_name="e-mail for questions"),
                ),
                (
                    "contact_phone",
                    models.CharField(blank=True, max_length=30, verbose_name="telephone for questions"),
                ),
                ("version", models.PositiveBigIntegerField(default=0, editable=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("opened_at", models.DateTimeField(editable=False, null=True)),
                ("closed_at", models.DateTimeField(editable=False, null=True)),
            ],
            options={
                "ordering": ("-created_at", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="CampaignEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("shared", models.BooleanField(default=True, verbose_name="Share title, time and town")),
                (
                    "programme_is_public",
                    models.BooleanField(default=False, verbose_name="The programme is public"),
                ),
                (
                    "before_letter",
                    models.BooleanField(
                        default=False, verbose_name="It was planned before the campaign began"
                    ),
                ),
                ("audience", models.TextField(blank=True, verbose_name="who the meeting is for")),
                ("note", models.TextField(blank=True, verbose_name="more about the meeting")),
                ("linked_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ("participation", "event__sort_on", "pk"),
            },
        ),
        migrations.CreateModel(
            name="CampaignItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("starts", models.TimeField(blank=True, null=True)),
                ("title", models.CharField(max_length=300, verbose_name="title")),
            ],
            options={
                "ordering": ("campaign", "position"),
            },
        ),
        migrations.CreateModel(
            name="EventNetwork",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("taking_part", models.TextField(blank=True, verbose_name="who of us takes part")),
                ("linked_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ("network__name", "-event__sort_on", "pk"),
            },
        ),
        migrations.CreateModel(
            name="Participation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=200, verbose_name="name")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "asked, no answer yet"),
                            ("joined", "takes part"),
                            ("declined", "said no"),
                            ("left", "left"),
                            ("withdrawn", "no longer asked"),
                            ("listed", "listed by name"),
                        ],
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("answered_at", models.DateTimeField(null=True)),
                ("worked", models.TextField(blank=True, verbose_name="what worked")),
                ("change", models.TextField(blank=True, verbose_name="what to change")),
                ("noted_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ("campaign", "asked_at", "pk"),
            },
        ),
        migrations.RemoveConstraint(
            model_name="feed",
            name="feed_of_a_body_names_it",
        ),
        migrations.RemoveConstraint(
            model_name="feed",
            name="feed_scope_secret",
        ),
        migrations.AlterField(
            model_name="feed",
            name="scope",
            field=models.CharField(
                choices=[
                    ("public", "listed meetings"),
                    ("staff", "all meetings"),
                    ("mine", "my own meetings"),
                    ("body", "meetings that one organisation hosts"),
                    ("network", "our meetings in one network"),
                    ("campaign", "meetings of all who take part in a campaign"),
                ],
                default="staff",
                max_length=10,
                verbose_name="what it shows",
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="tenant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="events.tenant"
            ),
        ),
        migrations.AddField(
            model_name="feed",
            name="campaign",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="feeds",
                to="events.campaign",
                verbose_name="campaign",
            ),
        ),
        migrations.AddConstraint(
            model_name="feed",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("organisation__isnull", False), ("scope__in", ("body", "network"))),
                    models.Q(
                        models.Q(("scope__in", ("body", "network")), _negated=True),
                        ("organisation__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="feed_of_a_body_names_it",
            ),
        ),
        migrations.AddConstraint(
            model_name="feed",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("campaign__isnull", False), ("scope", "campaign")),
                    models.Q(models.Q(("scope", "campaign"), _negated=True), ("campaign__isnull", True)),
                    _connector="OR",
                ),
                name="feed_of_a_campaign_names_it",
            ),
        ),
        migrations.AddConstraint(
            model_name="feed",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("scope", "public"), _negated=True),
                    ("scope__in", ["public", "staff", "mine", "body", "network", "campaign"]),
                ),
                name="feed_scope_secret",
            ),
        ),
        migrations.AddField(
            model_name="campaignevent",
            name="event",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="campaign_links", to="events.event"
            ),
        ),
        migrations.AddField(
            model_name="campaignevent",
            name="linked_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="campaignevent",
            name="tenant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="events.tenant"
            ),
        ),
        migrations.AddField(
            model_name="campaignitem",
            name="campaign",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="items", to="events.campaign"
            ),
        ),
        migrations.AddField(
            model_name="campaignitem",
            name="tenant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="events.tenant"
            ),
        ),
        migrations.AddField(
            model_name="eventnetwork",
            name="event",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="network_links", to="events.event"
            ),
        ),
        migrations.AddField(
            model_name="eventnetwork",
            name="network",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="event_links",
                to="events.organisation",
            ),
        ),
        migrations.AddField(
            model_name="eventnetwork",
            name="tenant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="events.tenant"
            ),
        ),
        migrations.AddField(
            model_name="participation",
            name="campaign",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="participations",
                to="events.campaign",
            ),
        ),
        migrations.AddField(
            model_name="participation",
            name="tenant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="events.tenant"
            ),
        ),
        migrations.AddField(
            model_name="campaignevent",
            name="participation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="links", to="events.participation"
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["draft", "open", "closed"])), name="campaign_state_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("trigger_on__isnull", True), ("trigger_precision__isnull", True)),
                    models.Q(("trigger_on__isnull", False), ("trigger_precision__isnull", False)),
                    _connector="OR",
                ),
                name="campaign_trigger_with_precision",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("from_on__isnull", True), ("from_precision__isnull", True)),
                    models.Q(("from_on__isnull", False), ("from_precision__isnull", False)),
                    _connector="OR",
                ),
                name="campaign_from_with_precision",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("until_on__isnull", True), ("until_precision__isnull", True)),
                    models.Q(("until_on__isnull", False), ("until_precision__isnull", False)),
                    _connector="OR",
                ),
                name="campaign_until_with_precision",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "draft"), ("opened_at__isnull", False), _connector="OR"),
                name="campaign_opened_when_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", False), ("state", "closed")),
                    models.Q(models.Q(("state", "closed"), _negated=True), ("closed_at__isnull", True)),
                    _connector="OR",
                ),
                name="campaign_closed_when_closed",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaignitem",
            constraint=models.UniqueConstraint(fields=("campaign", "position"), name="campaign_item_once"),
        ),
        migrations.AddConstraint(
            model_name="eventnetwork",
            constraint=models.UniqueConstraint(fields=("event", "network"), name="event_in_network_once"),
        ),
        migrations.AddConstraint(
            model_name="participation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["asked", "joined", "declined", "left", "withdrawn", "listed"])
                ),
                name="participation_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="participation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("name", "")),
                fields=("campaign", "tenant"),
                name="tenant_in_campaign_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="participation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("name", ""), _negated=True),
                fields=("campaign", "name"),
                name="name_in_campaign_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="participation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("name", ""), models.Q(("state", "listed"), _negated=True)),
                    models.Q(models.Q(("name", ""), _negated=True), ("state__in", ("listed", "withdrawn"))),
                    _connector="OR",
                ),
                name="listed_by_name_only",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaignevent",
            constraint=models.UniqueConstraint(
                fields=("participation", "event"), name="event_in_participation_once"
            ),
        ),
    ]
