/**
 * The rarer things that people elsewhere do: reactions with an emoji, blocks, reports, pins, polls, undoing by bare id.
 *
 * Each sends one activity; what comes of it is for the test to see at the other server.
 */
import { Add, Block, Collection, Create, EmojiReact, Flag, Note, PUBLIC_COLLECTION, Question, Remove, Undo, Update } from "@fedify/vocab";
import { Temporal } from "@js-temporal/polyfill";
import { buildActor } from "./actor.mjs";
import { createOf, remember } from "./control.mjs";

const POLL_HOURS = 1;

export const rarerVerbs = {
  async react(hand, { address, emoji }) {
    const object = await hand.find(address);
    const author = await hand.findOwner(object);
    return hand.send(author, hand.make(EmojiReact, { object: object.id, content: emoji, to: author.id }));
  },

  async block(hand, { address }) {
    const target = await hand.find(address);
    return hand.send(target, hand.make(Block, { object: target.id, to: target.id }));
  },

  /** Report an actor and a post of theirs. */
  async flag(hand, { address, post, content }) {
    const target = await hand.find(address);
    return hand.send(target, hand.make(Flag, { objects: [target.id, new URL(post)], content, to: target.id }));
  },

  /** Take back an activity of ours that is named by its id alone. */
  async undoById(hand, { id, tell }) {
    return hand.send(await hand.find(tell), hand.make(Undo, { object: new URL(hand.sent(id).id), to: PUBLIC_COLLECTION }));
  },

  async pin(hand, { note }) {
    return tellFollowers(hand, inFeatured(hand, Add, note));
  },

  async unpin(hand, { note }) {
    return tellFollowers(hand, inFeatured(hand, Remove, note));
  },

  /** A public poll to our followers. */
  async ask(hand, { content, first, second }) {
    const options = [first, second].map((name) => new Note({ name, replies: new Collection({ totalItems: 0 }) }));
    const endTime = Temporal.Now.instant().add({ hours: POLL_HOURS });
    const fields = { content, exclusiveOptions: options, endTime, to: PUBLIC_COLLECTION, cc: followersOf(hand) };
    return tellFollowers(hand, createOf(hand, remember(hand, fields, Question)));
  },

  /** Choose an option of somebody's poll. */
  async vote(hand, { address, option }) {
    const poll = await hand.find(address);
    const author = await hand.findOwner(poll);
    const vote = remember(hand, { name: option, replyTarget: poll.id, to: author.id });
    return hand.send(author, createOf(hand, vote));
  },

  /** Change our own name and tell our followers. */
  async rename(hand, { name }) {
    hand.memory.displayName = name;
    const actor = await buildActor(hand.ctx, hand.memory.name, hand.memory);
    return tellFollowers(hand, hand.make(Update, { object: actor, to: PUBLIC_COLLECTION }));
  },

  /** An answer to somebody's post that is sent to another server than theirs. */
  async answerAside(hand, { address, content, tell }) {
    const object = await hand.find(address);
    const note = remember(hand, { content, replyTarget: object.id, to: PUBLIC_COLLECTION, cc: object.attributionId });
    const create = hand.make(Create, { object: note, tos: note.toIds, ccs: note.ccIds, published: note.published });
    return hand.send(await hand.find(tell), create);
  },
};

function inFeatured(hand, Kind, note) {
  const target = hand.ctx.getFeaturedUri(hand.memory.name);
  return hand.make(Kind, { object: new URL(note), target, to: PUBLIC_COLLECTION });
}

function followersOf(hand) {
  return hand.ctx.getFollowersUri(hand.memory.name);
}

function tellFollowers(hand, activity) {
  return hand.send([...hand.memory.followers.values()], activity);
}
