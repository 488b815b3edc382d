/**
 * The peer's actor: its documents, its keys and its inbox.
 *
 * Decides nothing about a test; it answers a Follow with Accept and keeps a readable note of everything verified.
 */
import { generateCryptoKeyPair } from "@fedify/fedify";
import { Accept, Activity, Endpoints, Follow, Note, Person, Undo } from "@fedify/vocab";
import { readActivity } from "./reading.mjs";

export async function registerActor(federation, memory) {
  const keyPairs = await makeKeyPairs();
  const isOurs = (identifier) => identifier === memory.name;
  federation
    .setActorDispatcher("/users/{identifier}", (ctx, name) => (isOurs(name) ? buildActor(ctx, name, memory) : null))
    .setKeyPairsDispatcher((_ctx, name) => (isOurs(name) ? keyPairs : []));
  registerInbox(federation, memory);
  registerCollections(federation, memory);
  federation.setObjectDispatcher(Note, "/notes/{id}", (ctx, { id }) => {
    return memory.notes.get(ctx.getObjectUri(Note, { id }).href) ?? null;
  });
  federation.setNodeInfoDispatcher("/nodeinfo/2.1", () => ({
    software: { name: "fedify-peer", version: "1.0.0" },
    protocols: ["activitypub"],
    usage: { users: { total: 1 }, localPosts: memory.notes.size, localComments: 0 },
  }));
}

/** An RSA key for requests and an Ed25519 key for proofs, as Fedify advises. */
async function makeKeyPairs() {
  const publicExponent = new Uint8Array([1, 0, 1]);
  const rsa = { name: "RSASSA-PKCS1-v1_5", modulusLength: 2048, publicExponent, hash: "SHA-256" };
  return [await crypto.subtle.generateKey(rsa, true, ["sign", "verify"]), await generateCryptoKeyPair("Ed25519")];
}

export async function buildActor(ctx, identifier, memory) {
  const keys = await ctx.getActorKeyPairs(identifier);
  return new Person({
    id: ctx.getActorUri(identifier),
    preferredUsername: identifier,
    name: memory.displayName ?? `${identifier} of the Fedify peer`,
    summary: "<p>An independent peer.</p>",
    url: ctx.getActorUri(identifier),
    inbox: ctx.getInboxUri(identifier),
    outbox: ctx.getOutboxUri(identifier),
    followers: ctx.getFollowersUri(identifier),
    featured: ctx.getFeaturedUri(identifier),
    aliases: memory.aliases,
    endpoints: new Endpoints({ sharedInbox: ctx.getInboxUri() }),
    publicKey: keys[0].cryptographicKey,
    assertionMethods: keys.map((key) => key.multikey),
    manuallyApprovesFollowers: false,
    discoverable: true,
  });
}

function registerInbox(federation, memory) {
  federation
    .setInboxListeners("/users/{identifier}/inbox", "/inbox")
    .on(Follow, async (ctx, follow) => {
      await acceptFollow(ctx, follow, memory);
      await record(ctx, follow, memory);
    })
    .on(Undo, async (ctx, undo) => {
      const undone = await undo.getObject(ctx);
      if (undone instanceof Follow) memory.followers.delete(undo.actorId.href);
      await record(ctx, undo, memory);
    })
    .on(Activity, (ctx, activity) => record(ctx, activity, memory))
    .onError((_ctx, error) => console.error("inbox:", error));
}

async function acceptFollow(ctx, follow, memory) {
  const follower = await follow.getActor(ctx);
  const { id, inboxId, endpoints } = follower;
  memory.followers.set(id.href, { id, inboxId, endpoints });
  const accept = new Accept({
    id: new URL(`/activities/${crypto.randomUUID()}`, ctx.origin),
    actor: ctx.getActorUri(memory.name),
    object: follow,
  });
  await ctx.sendActivity({ identifier: memory.name }, follower, accept);
}

async function record(ctx, activity, memory) {
  const event = await readActivity(ctx, activity);
  memory.events.push({ ...event, ...memory.posts.get(event.id) });
  for (const watcher of memory.watchers) watcher();
}

function registerCollections(federation, memory) {
  federation.setFeaturedDispatcher("/users/{identifier}/featured", () => ({ items: [] }));
  federation.setOutboxDispatcher("/users/{identifier}/outbox", () => ({ items: [...memory.sent.values()] }));
  federation
    .setFollowersDispatcher("/users/{identifier}/followers", () => ({ items: [...memory.followers.values()] }))
    .setCounter(() => memory.followers.size);
}

