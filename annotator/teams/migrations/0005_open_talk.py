"""Whether annotators may talk to each other about documents."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('teams', '0004_when_suggestions_show'),
    ]

    operations = [
        migrations.AddField(
            model_name='project',
            name='open_talk',
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
