import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0003_answers_taken_over'),
        ('matters', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='StartedFrom',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('instrument_id', models.SlugField(max_length=80)),
                ('organisation', models.CharField(max_length=200)),
                ('title', models.TextField()),
                ('number', models.PositiveIntegerField()),
                ('published_on', models.DateField()),
                ('address', models.CharField(blank=True, max_length=300)),
                ('version', models.CharField(max_length=40)),
                ('content_hash', models.CharField(max_length=64)),
                ('answers', models.JSONField()),
                ('left', models.JSONField(default=list)),
                ('taken_by', models.CharField(max_length=330)),
                ('taken_at', models.DateTimeField()),
                ('matter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='matters.matter')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.AddConstraint(
            model_name='startedfrom',
            constraint=models.UniqueConstraint(fields=('matter', 'instrument_id'), name='one_case_started_from'),
        ),
    ]
