/**
 * Activities as a test wants to see them: what Fedify itself understood, as plain JSON.
 *
 * Reads through Fedify's vocabulary only, so a field that Fedify could not parse is missing here; fetches each picture.
 */
import { createHash } from "node:crypto";
import { getTypeId } from "@fedify/vocab";

export async function readActivity(ctx, activity) {
  const object = await safely(() => activity.getObject(ctx));
  return {
    id: activity.id?.href ?? null,
    type: typeName(activity),
    actor: activity.actorId?.href ?? null,
    objectId: activity.objectId?.href ?? null,
    object: object == null ? null : await readObject(ctx, object),
    to: activity.toIds.map((id) => id.href),
    cc: activity.ccIds.map((id) => id.href),
  };
}

export async function readObject(ctx, object) {
  return {
    id: object.id?.href ?? null,
    type: typeName(object),
    name: text(object.name),
    content: text(object.content),
    summary: text(object.summary),
    url: address(object.url),
    attributedTo: object.attributionId?.href ?? null,
    inReplyTo: object.replyTargetId?.href ?? null,
    sensitive: object.sensitive ?? null,
    published: object.published?.toString() ?? null,
    updated: object.updated?.toString() ?? null,
    innerActor: object.actorId?.href ?? null,
    innerObject: object.objectId?.href ?? null,
    tags: await readTags(ctx, object),
    attachments: await readAttachments(ctx, object),
    ...readProfile(object),
  };
}

function readProfile(object) {
  if (object.inboxId === undefined) return {};
  return {
    preferredUsername: text(object.preferredUsername),
    inbox: object.inboxId?.href ?? null,
    outbox: object.outboxId?.href ?? null,
    sharedInbox: object.endpoints?.sharedInbox?.href ?? null,
    followers: object.followersId?.href ?? null,
    following: object.followingId?.href ?? null,
    discoverable: object.discoverable ?? null,
    manuallyApprovesFollowers: object.manuallyApprovesFollowers ?? null,
    publicKey: object.publicKeyId?.href ?? null,
  };
}

async function readTags(ctx, object) {
  const tags = [];
  for await (const tag of object.getTags(ctx)) {
    tags.push({ type: typeName(tag), name: text(tag.name), href: tag.href?.href ?? null });
  }
  return tags;
}

async function readAttachments(ctx, object) {
  const attachments = [];
  for await (const attachment of object.getAttachments(ctx)) {
    const url = address(attachment.url);
    attachments.push({
      type: typeName(attachment),
      url,
      mediaType: attachment.mediaType ?? null,
      name: text(attachment.name),
      width: attachment.width ?? null,
      height: attachment.height ?? null,
      picture: url == null ? null : await fetchPicture(url),
    });
  }
  return attachments;
}

async function fetchPicture(url) {
  const response = await fetch(url);
  const bytes = Buffer.from(await response.arrayBuffer());
  return {
    status: response.status,
    mediaType: response.headers.get("content-type"),
    bytes: bytes.length,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    head: bytes.subarray(0, 12).toString("hex"),
  };
}

export function typeName(object) {
  return getTypeId(object).href.replace(/^.*[#/]/, "");
}

function text(value) {
  return value == null ? null : value.toString();
}

function address(url) {
  if (url == null) return null;
  return url instanceof URL ? url.href : (url.href?.href ?? null);
}

async function safely(read) {
  try {
    return await read();
  } catch (error) {
    console.error("unreadable:", error);
    return null;
  }
}
