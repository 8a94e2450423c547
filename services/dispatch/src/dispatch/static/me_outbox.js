// What was done on the phone, kept there until the service has it: once, in order, with its time.
// The page and its service worker share this file, so it knows nothing of a document.

const DATABASE = "aftercare-me", VERSION = 1;
// What was sent is shown for a while.
const MOST_SENT = 30;
const LATER = new Set([408, 425, 429]);

/** Tells every open page, in this tab and in others, that the outbox changed. */
export const changes = new BroadcastChannel("aftercare-me-outbox");
const here = new EventTarget();

export function onChange(listener) {
  changes.addEventListener("message", listener);
  here.addEventListener("changed", listener);
}

function changed() {
  here.dispatchEvent(new Event("changed"));
  changes.postMessage("changed");
}

let opened = null;

function database() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, VERSION);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("outbox", { keyPath: "seq", autoIncrement: true });
      request.result.createObjectStore("known");
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opened;
}

/** One transaction; it is on disk when the promise resolves. */
async function within(store, mode, work) {
  const transaction = (await database()).transaction(store, mode, { durability: "strict" });
  const request = work(transaction.objectStore(store));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(request?.result);
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
}

export const recall = (name) => within("known", "readonly", (store) => store.get(name));
export const remember = (name, value) => within("known", "readwrite", (store) => store.put(value, name));
export const forget = () => within("known", "readwrite", (store) => store.clear());

/** All that is kept, in the order in which it was done. */
export const outbox = () => within("outbox", "readonly", (store) => store.getAll());

/** Keep `{account, case_id, verb, body}`; its `key` makes it one and the same however often it is sent. */
export async function keep(command) {
  await within("outbox", "readwrite", (store) => store.add({ ...command, state: "saved" }));
  changed();
}

export async function drop(seq) {
  await within("outbox", "readwrite", (store) => store.delete(seq));
  changed();
}

const change = async (command) => {
  await within("outbox", "readwrite", (store) => store.put(command));
  changed();
};

const alone = (work) => navigator.locks ? navigator.locks.request("aftercare-me-outbox", work) : work();

/**
 * Send what is saved, the oldest first. Answers "done", or why it stopped: "later" (no connection, a
 * service that is busy) or "sign-in". What is refused stays, with its reason, and holds up nothing.
 */
export function flush() {
  return alone(async () => {
    const account = await recall("account");
    for (;;) {
      const next = (await outbox()).find((one) => one.state === "saved" && one.account === account);
      if (!next) return "done";
      const stopped = await send(next);
      if (stopped) return stopped;
    }
  });
}

async function send(command) {
  const { case_id, verb, body, key } = command;
  let response, answer;
  try {
    response = await fetch(`/v1/cases/${encodeURIComponent(case_id)}/${verb}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", "Idempotency-Key": key },
      body: JSON.stringify(body),
    });
    answer = await response.json();
  } catch {
    return "later";
  }
  if (response.ok) {
    // Pictures are large, and the service has them now.
    const { photo, signature, ...rest } = body;
    await change({ ...command, body: rest, state: "sent", position: answer.position });
    await tidy();
    return null;
  }
  if (response.status === 401) return "sign-in";
  const again = answer.type === "/problems/conflict" || LATER.has(response.status);
  if (again || response.status >= 500) return "later";
  await change({ ...command, state: "refused", problem: answer });
  return null;
}

async function tidy() {
  const sent = (await outbox()).filter((one) => one.state === "sent");
  for (const one of sent.slice(0, -MOST_SENT)) await drop(one.seq);
}
