/**
 * The test's hand: `POST /control/VERB` with a JSON body makes the peer act, `GET` shows what it saw.
 *
 * Every delivery is immediate: an answer of 200 means that the other server took the activity, 502 that it did not.
 */
import { Announce, Create, Delete, Follow, Like, Reject, Undo, Update } from "@fedify/vocab";
import { isActor, Mention, Note, PUBLIC_COLLECTION, Tombstone } from "@fedify/vocab";
import { Temporal } from "@js-temporal/polyfill";
import { consentVerbs } from "./consent.mjs";
import { proofVerbs } from "./proving.mjs";
import { readObject, typeName } from "./reading.mjs";
import { rarerVerbs } from "./verbs.mjs";

const LONGEST_WAIT_SECONDS = 60; // a test that waits longer should fail on its own side

export async function control(federation, memory, origin, request) {
  const url = new URL(request.url);
  const verb = url.pathname.slice("/control/".length);
  const ctx = federation.createContext(new URL(origin), undefined);
  if (request.method === "GET") return json(await look(memory, verb, url.searchParams));
  const act = verbs[verb];
  if (act === undefined) return json({ error: `no verb ${verb}` }, 404);
  try {
    return json(await act(new Hand(ctx, memory), await request.json()));
  } catch (error) {
    return json({ error: String(error.stack ?? error) }, 502);
  }
}

/** The peer's own side of an action: makes ids, remembers, sends. */
class Hand {
  constructor(ctx, memory) {
    this.ctx = ctx;
    this.memory = memory;
    this.actor = ctx.getActorUri(memory.name);
  }

  /** An activity of ours with a fresh id. */
  make(Kind, fields) {
    return new Kind({ id: this.newId("activities"), actor: this.actor, ...fields });
  }

  newId(kind) {
    return new URL(`/${kind}/${crypto.randomUUID()}`, this.ctx.origin);
  }

  async find(address) {
    const documentLoader = await this.ctx.getDocumentLoader({ identifier: this.memory.name });
    const found = await this.ctx.lookupObject(address, { documentLoader });
    if (found == null) throw new Error(`${address} was not found`);
    return found;
  }

  /** The actor itself, or the author of an object. */
  async findOwner(found) {
    return isActor(found) ? found : await this.find(found.attributionId.href);
  }

  async send(recipients, activity) {
    this.memory.sent.set(activity.id.href, activity); // before it leaves: the answer may come first
    await this.ctx.sendActivity({ identifier: this.memory.name }, recipients, activity, { immediate: true });
    return { id: activity.id.href, objectId: activity.objectId?.href ?? null };
  }

  sent(id) {
    const activity = this.memory.sent.get(id);
    if (activity === undefined) throw new Error(`${id} was never sent from here`);
    return activity;
  }
}

const verbs = {
  async lookup(hand, { address }) {
    return readObject(hand.ctx, await hand.find(address));
  },

  async follow(hand, { address }) {
    const target = await hand.find(address);
    return hand.send(target, hand.make(Follow, { object: target.id, to: target.id }));
  },

  async like(hand, { address }) {
    const object = await hand.find(address);
    const author = await hand.findOwner(object);
    return hand.send(author, hand.make(Like, { object: object.id, to: author.id }));
  },

  async announce(hand, { address }) {
    const object = await hand.find(address);
    const author = await hand.findOwner(object);
    const announce = hand.make(Announce, {
      object: object.id,
      to: PUBLIC_COLLECTION,
      ccs: [hand.ctx.getFollowersUri(hand.memory.name), author.id],
      published: Temporal.Now.instant(),
    });
    return hand.send(author, announce);
  },

  async reply(hand, { address, content }) {
    const object = await hand.find(address);
    const author = await hand.findOwner(object);
    const note = remember(hand, {
      content,
      replyTarget: object.id,
      to: PUBLIC_COLLECTION,
      cc: author.id,
      tags: [new Mention({ href: author.id, name: `@${author.preferredUsername}@${author.id.host}` })],
    });
    return hand.send(author, createOf(hand, note));
  },

  /** A public post to our followers. */
  async post(hand, { content }) {
    const note = remember(hand, { content, to: PUBLIC_COLLECTION, cc: hand.ctx.getFollowersUri(hand.memory.name) });
    return hand.send([...hand.memory.followers.values()], createOf(hand, note));
  },

  /** Change a note of ours and tell `tell`, an actor's address. */
  async update(hand, { note: id, content, tell }) {
    const note = hand.memory.notes.get(id).clone({ content, updated: Temporal.Now.instant() });
    hand.memory.notes.set(id, note);
    return hand.send(await hand.find(tell), hand.make(Update, { object: note, to: PUBLIC_COLLECTION }));
  },

  async delete(hand, { note: id, tell }) {
    hand.memory.notes.delete(id);
    const tombstone = new Tombstone({ id: new URL(id) });
    return hand.send(await hand.find(tell), hand.make(Delete, { object: tombstone, to: PUBLIC_COLLECTION }));
  },

  /** Take back an activity of ours, by its id. */
  async undo(hand, { id, tell }) {
    return hand.send(await hand.find(tell), hand.make(Undo, { object: hand.sent(id), to: PUBLIC_COLLECTION }));
  },

  /** Refuse a follower that we had accepted, named by actor id. */
  async reject(hand, { follower, follow }) {
    hand.memory.followers.delete(follower);
    const target = await hand.find(follower);
    const refused = new Follow({ id: new URL(follow), actor: new URL(follower), object: hand.actor });
    return hand.send(target, hand.make(Reject, { object: refused, to: target.id }));
  },

  async forget(hand) {
    hand.memory.events.length = 0;
    hand.memory.requests.length = 0;
    return {};
  },

  ...rarerVerbs,
  ...proofVerbs,
  ...consentVerbs,
};

/** A new post of ours, of a kind, shown under its id. */
export function remember(hand, fields, Kind = Note) {
  const id = hand.newId("notes");
  const note = new Kind({ id, url: id, attribution: hand.actor, published: Temporal.Now.instant(), ...fields });
  hand.memory.notes.set(id.href, note);
  return note;
}

export function createOf(hand, note) {
  return hand.make(Create, { object: note, tos: note.toIds, ccs: note.ccIds, published: note.published });
}

/** `events` may wait for `count` events that match `type` and `object`; the others answer at once. */
async function look(memory, verb, query) {
  if (verb === "requests") return memory.requests;
  if (verb === "followers") return [...memory.followers.keys()];
  if (verb === "events") return awaitEvents(memory, query);
  if (verb === "sent") return newest(memory, query.get("type"));
  return { error: `nothing to see at ${verb}` };
}

function newest(memory, type) {
  const sent = [...memory.sent.values()].filter((activity) => typeName(activity) === type);
  return { id: sent.at(-1)?.id.href ?? null };
}

async function awaitEvents(memory, query) {
  const matches = () => memory.events.filter((event) => fits(event, query));
  const wanted = Number(query.get("count") ?? 1);
  const seconds = Math.min(Number(query.get("wait") ?? 0), LONGEST_WAIT_SECONDS);
  if (matches().length >= wanted || seconds === 0) return matches();
  await new Promise((resolve) => {
    const timer = setTimeout(finish, seconds * 1000);
    function watch() {
      if (matches().length >= wanted) finish();
    }
    function finish() {
      clearTimeout(timer);
      memory.watchers.delete(watch);
      resolve();
    }
    memory.watchers.add(watch);
  });
  return matches();
}

function fits(event, query) {
  if (query.has("type") && event.type !== query.get("type")) return false;
  if (query.has("actor") && event.actor !== query.get("actor")) return false;
  if (!query.has("object")) return true;
  return [event.objectId, event.object?.innerObject].includes(query.get("object"));
}

function json(value, status = 200) {
  return new Response(JSON.stringify(value), { status, headers: { "content-type": "application/json" } });
}
