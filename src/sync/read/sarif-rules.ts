import { asArray, asRecord, asString, isRecord, type JsonObject } from '../../base/json.ts';
import { hashParts } from '../identity.ts';

/** What a result says about its rule. */
export interface ResultRule {
  /** If the tool names none, a hash of the message. */
  readonly id: string;
  readonly isNamed: boolean;
  /** The rule's own entry; empty if the tool doesn't describe it. */
  readonly definition: JsonObject;
}

/** Finds the rules of a run's results. */
export class RuleFinder {
  readonly #components: readonly (readonly JsonObject[])[];
  readonly #byId = new Map<string, JsonObject>();
  readonly #globalStrings: JsonObject;

  constructor(tool: JsonObject) {
    const components = [tool.driver, ...asArray(tool.extensions)].map(asRecord);
    this.#components = components.map(({ rules }) => asArray(rules).map(asRecord));
    this.#globalStrings = asRecord(components[0]?.globalMessageStrings);
    for (const rule of this.#components.flat())
      if (!this.#byId.has(asString(rule.id))) this.#byId.set(asString(rule.id), rule);
  }

  /** The rule of a result: by ID, else by its place in the list, else by the message. */
  find(result: JsonObject): ResultRule {
    const reference = asRecord(result.rule);
    const indexed = this.#findByIndex(result, reference);
    const id = asString(result.ruleId) || asString(reference.id) || asString(indexed?.id);
    if (!id) {
      const hash = hashParts([this.#messageOf(result, {})]);
      return { id: `message-${hash}`, isNamed: false, definition: indexed ?? {} };
    }
    // `CA1000/1` is a part of `CA1000`.
    const parent = id.replace(/\/[^/]*$/, '');
    const definition = indexed && asString(indexed.id) === id ? indexed : this.#byId.get(id);
    return { id, isNamed: true, definition: definition ?? this.#byId.get(parent) ?? indexed ?? {} };
  }

  /** The message of a result. Its text may be in the rule, with places for arguments. */
  messageOf(result: JsonObject, { definition }: ResultRule): string {
    return this.#messageOf(result, definition);
  }

  #findByIndex(result: JsonObject, reference: JsonObject): JsonObject | undefined {
    const index = [reference.index, result.ruleIndex].find(
      (value) => Number.isInteger(value) && Number(value) >= 0,
    );
    if (index === undefined) return undefined;
    const extension = asRecord(reference.toolComponent).index;
    const component = Number.isInteger(extension) && Number(extension) >= 0 ? Number(extension) + 1 : 0;
    const inComponent = this.#components[component]?.[Number(index)];
    // Some tools keep all rules in their only extension.
    return inComponent ?? (this.#components.length === 2 ? this.#components[1]?.[Number(index)] : undefined);
  }

  #messageOf({ message }: JsonObject, definition: JsonObject): string {
    if (!isRecord(message)) return asString(message);
    const { text, markdown, id, arguments: values } = message;
    const named = asString(id);
    const stored = [asRecord(definition.messageStrings)[named], this.#globalStrings[named]].find(isRecord);
    const template = asString(text) || asString(stored?.text) || asString(markdown);
    return template.replace(/\{(\d+)\}/g, (place, index) => {
      const value = asArray(values)[Number(index)];
      return typeof value === 'string' ? value : place;
    });
  }
}

/** What the rule looks for, in the tool's words; empty if it doesn't say. */
export function describeRule({ shortDescription, fullDescription, name }: JsonObject): string {
  const [short, full] = [shortDescription, fullDescription].map((text) =>
    asString(asRecord(text).text).trim(),
  );
  return full || short || asString(name);
}

/** The name of the rule in a few words; empty if the tool has none. */
export function titleOfRule({ shortDescription, fullDescription, name }: JsonObject): string {
  const texts = [shortDescription, fullDescription].map((text) => asString(asRecord(text).text).trim());
  return texts.find((text) => text) || asString(name).trim();
}
