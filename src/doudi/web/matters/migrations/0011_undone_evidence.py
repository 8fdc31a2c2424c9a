from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("doudi_matters", "0010_next_post")]

    operations = [
        migrations.AlterField(
            model_name="evidence",
            name="stage",
            field=models.CharField(
                choices=[("before", "处置前"), ("after", "处置后"), ("check", "核查"), ("undone", "已撤销")], max_length=8
            ),
        ),
    ]
