/**
 * A fediverse server with one actor, made with Fedify, that a test drives through a JSON control API.
 *
 *     node peer.mjs --port 0 --name bob --first-knock draft-cavage-http-signatures-12
 *
 * Prints one JSON line with its addresses when it listens. It keeps everything in memory and speaks plain http, so it
 * listens on loopback alone.
 */
import { parseArgs } from "node:util";
import { createFederation, InProcessMessageQueue, MemoryKvStore } from "@fedify/fedify";
import { control } from "./control.mjs";
import { registerActor } from "./actor.mjs";
import { serve, signatureForm, watchFetch } from "./wire.mjs";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "0" },
    name: { type: "string", default: "bob" },
    "first-knock": { type: "string", default: "rfc9421" },
  },
});

/** All that the peer remembers; handed to every part. */
const memory = {
  name: values.name,
  displayName: null, // what we call ourselves now
  aliases: [], // who we were before
  stamps: new Map(), // authorizations that we gave, by id
  requests: [], // what we asked of others: method, url, signature form, status
  posts: new Map(), // activity id -> what arrived at an inbox, before verification: raw document and signature form
  events: [], // verified activities, read
  watchers: new Set(), // called at every new event
  sent: new Map(), // activities of ours, by id
  notes: new Map(), // notes of ours, by id
  followers: new Map(), // actor id -> {id, inboxId, endpoints}
};

let handle = null; // the origin holds the port, which is known only once we listen
const server = await serve(Number(values.port), (request) => handle(request));
const origin = `http://localhost:${server.address().port}`;

watchFetch(memory.requests);
const federation = createFederation({
  kv: new MemoryKvStore(),
  queue: new InProcessMessageQueue(),
  origin,
  allowPrivateAddress: true,
  firstKnock: values["first-knock"],
  circuitBreaker: false,
});
await registerActor(federation, memory);

handle = async (request) => {
  const path = new URL(request.url).pathname;
  if (path.startsWith("/control/")) return control(federation, memory, origin, request);
  if (request.method === "POST") await keepPost(request.clone());
  const sent = memory.sent.get(request.url) ?? memory.stamps.get(request.url);
  if (sent !== undefined) return show(sent);
  return federation.fetch(request, { contextData: undefined });
};

/** An activity or an authorization of ours under its id, since others fetch what they are told about. */
async function show(activity) {
  const { contextLoader } = federation.createContext(new URL(origin), undefined);
  const document = await activity.toJsonLd({ contextLoader });
  return new Response(JSON.stringify(document), { headers: { "content-type": "application/activity+json" } });
}

async function keepPost(request) {
  const text = await request.text();
  try {
    const raw = JSON.parse(text);
    const contentType = request.headers.get("content-type");
    memory.posts.set(raw.id, { raw, form: signatureForm(request.headers), contentType });
  } catch {
    console.error("a POST that is no JSON:", text.slice(0, 200));
  }
}

const handleOfActor = `${values.name}@${new URL(origin).host}`;
console.log(JSON.stringify({ origin, actor: `${origin}/users/${values.name}`, handle: handleOfActor }));
process.once("SIGTERM", () => process.exit(0));
