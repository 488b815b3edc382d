"""The web door: pages for people with a browser. It must not change anything but through `server.actions`.

One file for each place on the site map, in rooms by what somebody comes for; `routes` lists their addresses and `door`
mounts them. A page is an async function of a `Visit` that answers a response; every page works without script, and the
small modules in `static/` make it nicer.
"""
