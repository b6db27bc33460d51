/** The same keys with other texts. English has a singular where Korean needs none: `rows_one` beside `rows_other`. */
export type Translated<Words> = {
  readonly [Key in keyof Words]: Words[Key] extends string ? string : Translated<Words[Key]>;
} & {
  readonly [Key in keyof Words as Key extends `${infer Name}_other` ? `${Name}_one` : never]: string;
};

/**
 * Words of one screen. English must have exactly the keys of Korean, which the compiler checks. Korean texts put no
 * particle behind a value that is filled in ("{{name}}을" would be wrong for half of all names): write
 * "계정 {{name}}: 멈춤", or name the kind behind it ("{{name}} 계정을").
 */
export const twoLanguages = <const Words extends object>(words: {
  readonly ko: Words;
  readonly en: Translated<NoInfer<Words>>;
}) => words;
