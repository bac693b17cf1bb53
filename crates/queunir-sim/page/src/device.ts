// The keys of the linked device, kept in IndexedDB as the real client does.
import type { Device } from "./protocol.ts";

const DATABASE = "signal-storage";
const STORE = "signal-meta-store";
const KEY = "signal_static_pubkey";

/** The stored device, or `null` when this profile is not linked. */
export async function loadDevice(): Promise<Device | null> {
  const found = await inStore("readonly", (store) => store.get(KEY));
  return isDevice(found) ? found : null;
}

/** Stores the device; resolves when it is on disk. */
export async function storeDevice(device: Device): Promise<void> {
  await inStore("readwrite", (store) => store.put({ id: device.id, secret: device.secret }, KEY));
}

/** Forgets the device. */
export async function forgetDevice(): Promise<void> {
  await inStore("readwrite", (store) => store.delete(KEY));
}

function isDevice(value: unknown): value is Device {
  if (typeof value !== "object" || value === null) return false;
  const { id, secret } = value as Partial<Record<string, unknown>>;
  return typeof id === "string" && typeof secret === "string";
}

async function inStore(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest): Promise<unknown> {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode, { durability: "strict" });
      const request = act(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error ?? new Error("the transaction was aborted"));
    });
  } finally {
    database.close();
  }
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("the database does not open"));
  });
}
