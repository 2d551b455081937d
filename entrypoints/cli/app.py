"""The commands, by name."""

from cyclopts import App

from entrypoints.cli import (
    capabilities,
    commands,
    connections,
    demo,
    keys,
    migrate,
    openapi,
    sandbox,
    serve,
    writebacks,
)

app = App(name="atsbridge", help="Carries AI phone-screening results into applicant tracking systems, once each.")
app.command(serve.serve)
app.command(serve.web)
app.command(serve.work)
app.command(sandbox.sandbox)
app.command(demo.demo)
app.command(connections.app)
app.command(keys.app)
app.command(commands.app)
app.command(writebacks.app)
app.command(capabilities.capabilities)
app.command(openapi.openapi)
app.command(migrate.migrate)
