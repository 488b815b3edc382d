/**
 * activitypub-testing's run over one actor, as newline-delimited JSON: one assertion a line.
 *
 *     node actor_tests.mjs ACTOR [AUTHORIZATION]
 *
 * Its own command line cannot hand the Authorization header on; its class can, and then the tests of POST to the outbox run.
 */
import { ActorUrlTestRun } from "activitypub-testing/test-actor";

const [actor, authorization] = process.argv.slice(2);
const quiet = Object.assign(Object.create(console), { debug: console.error, log: console.error, warn: console.error });

for await (const assertion of new ActorUrlTestRun(new URL(actor), { authorization, console: quiet })) {
  console.log(JSON.stringify({ test: assertion.test.slug, name: assertion.test.name, outcome: assertion.result.outcome, info: assertion.result.info ?? null }));
}
