/**
 * Loaded before activitypub-testing: some of its tests post text/plain, or an object without a type, which servers may
 * refuse (ActivityPub 6). Such requests get what is missing; all others go out as they are.
 */
const plain = globalThis.fetch;

globalThis.fetch = (resource, options) => {
  if (options?.method?.toLowerCase() !== "post" || typeof options.body !== "string") return plain(resource, options);
  const headers = new Headers(options.headers);
  if (!headers.has("content-type")) headers.set("content-type", "application/activity+json");
  const document = JSON.parse(options.body);
  const body = document.type === undefined ? JSON.stringify({ ...document, type: "Note" }) : options.body;
  return plain(resource, { ...options, headers, body });
};
