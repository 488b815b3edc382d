/**
 * Proofs inside documents (FEP-8b32): Fedify's word on ours, and passing on what others proved.
 */
import { signRequest, verifyObject } from "@fedify/fedify";
import { Activity } from "@fedify/vocab";

export const proofVerbs = {
  /** Whether the proof in what came under this id holds; `content`, if given, is put into its object before. */
  async verify(hand, { id, content }) {
    const { raw } = arrived(hand, id);
    const document = content === undefined ? raw : { ...raw, object: { ...raw.object, content } };
    const documentLoader = await hand.ctx.getDocumentLoader({ identifier: hand.memory.name });
    const verified = await verifyObject(Activity, document, { documentLoader, contextLoader: hand.ctx.contextLoader });
    return { holds: verified != null, proof: raw.proof ?? null };
  },

  /** Bring to an inbox what came here from somebody else, signed by us as the one who brings it. */
  async pass(hand, { id, inbox, content }) {
    const { raw } = arrived(hand, id);
    const document = content === undefined ? raw : { ...raw, object: { ...raw.object, content } };
    const [{ keyId, privateKey }] = await hand.ctx.getActorKeyPairs(hand.memory.name);
    const headers = { "content-type": "application/activity+json" };
    const request = new Request(inbox, { method: "POST", headers, body: JSON.stringify(document) });
    const response = await fetch(await signRequest(request, privateKey, keyId, { spec: "draft-cavage-http-signatures-12" }));
    return { status: response.status };
  },
};

function arrived(hand, id) {
  const post = hand.memory.posts.get(id);
  if (post === undefined) throw new Error(`${id} never came here`);
  return post;
}
