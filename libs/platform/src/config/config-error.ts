/** One wrong variable. `problem` is a phrase that follows the name: "must be a whole number". Never holds a value. */
export interface ConfigFault {
  readonly variable: string;
  readonly problem: string;
}

/** The environment cannot be used as it is. Its message lists every fault, one a line, without any value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly faults: readonly ConfigFault[]) {
    super(['The configuration is not usable:', ...faults.map(faultLine)].join('\n'));
  }
}

const faultLine = ({ variable, problem }: ConfigFault): string => `  ${variable} ${problem}`;
