"""Two indexes that others contain: a span and an edit are what is written most."""
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('coding', '0003_history_and_ends'),
    ]

    operations = [
        migrations.AlterField(
            model_name='edit',
            name='set',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='edits', to='coding.annotationset'),
        ),
        migrations.AlterField(
            model_name='span',
            name='set',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='spans', to='coding.annotationset'),
        ),
    ]
