// The names by which the graph's inputs and outputs are known to the code that runs it.

export const graphNames = {
  tokenIds: "token_ids",
  position: "position",
  logitRows: "logit_rows",
  logits: "logits",
} as const;

/** The state's names for one layer; which of them exist depends on the layer's kind. */
export function layerNames(index: number) {
  const prefix = `layers.${index}`;
  return {
    rgLruState: `${prefix}.rg_lru_state`,
    newRgLruState: `${prefix}.new_rg_lru_state`,
    conv1dState: `${prefix}.conv1d_state`,
    newConv1dState: `${prefix}.new_conv1d_state`,
    keys: `${prefix}.keys`,
    values: `${prefix}.values`,
    sinkKey: `${prefix}.sink_key`,
    sinkValue: `${prefix}.sink_value`,
    newKeys: `${prefix}.new_keys`,
    newValues: `${prefix}.new_values`,
  } as const;
}
