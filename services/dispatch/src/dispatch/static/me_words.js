// Words for codes of a contract: ours where we have one, else the code itself.

import { t } from "aftercare/live";

const KNOWN = new Set([
  "customer_unavailable", "no_site_access", "force_majeure", "waiting_for_parts", "solved", "unresolved", "refused", "device", "key_part", "part",
]);

export const choice = (code) => (KNOWN.has(code) ? t(`me.choice.${code}`) : code);
