"""The commands, by name. Each is imported when it is called: a sandbox needs no database."""

from importlib.metadata import version

from cyclopts import App

app = App(
    name="atsbridge",
    help="Carries AI phone-screening results into applicant tracking systems, once each.",
    version=version("atsbridge"),
)
_HERE = "entrypoints.cli"
app.command(f"{_HERE}.serve:serve", name="serve", help="Web and worker in one process; missing keys are made.")
app.command(f"{_HERE}.serve:web", name="web", help="The web part alone.")
app.command(f"{_HERE}.serve:work", name="work", help="A worker alone.")
app.command(f"{_HERE}.sandbox:sandbox", name="sandbox", help="An emulated ATS on this machine.")
app.command(f"{_HERE}.demo:demo", name="demo", help="A finished phone screen lands in an emulated ATS.")
app.command(f"{_HERE}.connections:app", name="connections", help="Connections: added, listed, checked, removed.")
app.command(f"{_HERE}.keys:app", name="keys", help="API keys: made, listed, revoked.")
app.command(f"{_HERE}.commands:app", name="commands", help="Requests put straight into the command table.")
app.command(f"{_HERE}.pull:pull", name="pull", help="What changed in an ATS, read now.")
app.command(f"{_HERE}.writebacks:app", name="writebacks", help="Write-backs: listed, shown, replayed, settled.")
app.command(f"{_HERE}.capabilities:capabilities", name="capabilities", help="What each provider can do.")
app.command(f"{_HERE}.guarantee:guarantee", name="guarantee", help="What a lost reply of each effect ends as.")
app.command(f"{_HERE}.openapi:openapi", name="openapi", help="The description of the HTTP API.")
app.command(f"{_HERE}.asyncapi:asyncapi", name="asyncapi", help="The description of the queue.")
app.command(f"{_HERE}.migrate:migrate", name="migrate", help="The database's schema, brought to the newest.")
