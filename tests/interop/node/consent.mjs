/**
 * Quotes by consent (FEP-044f) and going to live elsewhere: what two sides have to agree about.
 */
import { Accept, InteractionPolicy, InteractionRule, Move, PUBLIC_COLLECTION, QuoteAuthorization, QuoteRequest, Reject } from "@fedify/vocab";
import { createOf, remember } from "./control.mjs";

export const consentVerbs = {
  /** A public post to our followers that anybody may ask to quote. */
  async postToQuote(hand, { content }) {
    const rule = new InteractionRule({ manualApproval: PUBLIC_COLLECTION });
    const followers = hand.ctx.getFollowersUri(hand.memory.name);
    const fields = { content, to: PUBLIC_COLLECTION, cc: followers, interactionPolicy: new InteractionPolicy({ canQuote: rule }) };
    return hand.send([...hand.memory.followers.values()], createOf(hand, remember(hand, fields)));
  },

  /** Ask the author of a post whether we may quote it, with the quoting post. */
  async askToQuote(hand, { address, content }) {
    const quoted = await hand.find(address);
    const author = await hand.findOwner(quoted);
    const note = remember(hand, { content, quote: quoted.id, quoteUrl: quoted.id, to: PUBLIC_COLLECTION, cc: author.id });
    return hand.send(author, hand.make(QuoteRequest, { object: quoted.id, instrument: note, to: author.id }));
  },

  /** Answer somebody's QuoteRequest, by its id, with a stamp that can be fetched. */
  async allowQuote(hand, { request, quoted, quoting, tell }) {
    const id = hand.newId("stamps");
    const fields = { id, attribution: hand.actor, interactingObject: new URL(quoting), interactionTarget: new URL(quoted) };
    hand.memory.stamps.set(id.href, new QuoteAuthorization(fields));
    const asked = new QuoteRequest({ id: new URL(request), actor: new URL(tell), object: new URL(quoted), instrument: new URL(quoting) });
    return hand.send(await hand.find(tell), hand.make(Accept, { object: asked, result: id, to: new URL(tell) }));
  },

  async refuseQuote(hand, { request, quoted, quoting, tell }) {
    const asked = new QuoteRequest({ id: new URL(request), actor: new URL(tell), object: new URL(quoted), instrument: new URL(quoting) });
    return hand.send(await hand.find(tell), hand.make(Reject, { object: asked, to: new URL(tell) }));
  },

  /** Say that we were somebody else before. */
  async alias(hand, { address }) {
    hand.memory.aliases.push(new URL(address));
    return {};
  },

  /** Go to live at `address`, and tell `tell`. */
  async move(hand, { address, tell }) {
    const target = await hand.find(address);
    const followers = hand.ctx.getFollowersUri(hand.memory.name);
    return hand.send(await hand.find(tell), hand.make(Move, { object: hand.actor, target: target.id, to: followers }));
  },
};
