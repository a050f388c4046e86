// Replaces json-with-bigint. See README.md.
export const { parse: JSONParse, stringify: JSONStringify } = JSON;
