"""The limit: an aiohttp handler that reads the body and answers 202, as large an answer as ours."""

import asyncio

from aiohttp import web


async def accepted(request: web.Request) -> web.Response:
    await request.read()
    return web.json_response({"writeback_id": "wb_01k0000000000000000000000", "href": "/v1/writebacks/wb_"}, status=202)


async def main() -> None:
    app = web.Application()
    app.router.add_post("/v1/connections/{connection}/call-results", accepted)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
