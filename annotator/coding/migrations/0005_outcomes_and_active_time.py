"""Irrelevant documents, work put aside with a reason, and the time people were active."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('coding', '0004_fewer_indexes'),
        ('corpus', '0004_fewer_indexes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ActiveTime',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('round', models.PositiveIntegerField(default=1)),
                ('seconds', models.PositiveIntegerField()),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='assignment',
            name='assignment_state',
        ),
        migrations.AddField(
            model_name='assignment',
            name='put_aside_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='assignment',
            name='reason',
            field=models.TextField(blank=True, db_default='', default=''),
        ),
        migrations.AddField(
            model_name='assignment',
            name='resumes',
            field=models.CharField(blank=True, db_default='', default='', max_length=10),
        ),
        migrations.AlterField(
            model_name='assignment',
            name='state',
            field=models.CharField(choices=[('OPEN', 'Not started'), ('ACTIVE', 'In progress'), ('SUBMITTED', 'Submitted'), ('RETURNED', 'Returned'), ('ACCEPTED', 'Accepted'), ('DECLINED', 'Declined'), ('EXPIRED', 'Expired'), ('REVOKED', 'Revoked'), ('IRRELEVANT', 'Irrelevant')], default='OPEN', max_length=10),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['OPEN', 'ACTIVE', 'SUBMITTED', 'RETURNED', 'ACCEPTED', 'DECLINED', 'EXPIRED', 'REVOKED', 'IRRELEVANT'])), name='assignment_state'),
        ),
        migrations.AddField(
            model_name='activetime',
            name='assignment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='active_times', to='coding.assignment'),
        ),
        migrations.AddField(
            model_name='activetime',
            name='user',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='activetime',
            index=models.Index(fields=['user', '-at'], name='active_time_of_user'),
        ),
        migrations.AddConstraint(
            model_name='activetime',
            constraint=models.CheckConstraint(condition=models.Q(('seconds__gt', 0)), name='active_time_passes'),
        ),
    ]
