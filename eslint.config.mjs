import tseslint from 'typescript-eslint';

const specs = ['**/*.spec.ts', 'libs/testing/**/*.ts', 'test/**/*.ts'];
const noEnv = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'Read the environment through @gateway/platform (config).',
};
const noClock = [
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'Take the time from the injected clock.',
  },
  {
    selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
    message: 'Take the time from the injected clock.',
  },
];

// What Nest injects is listed in constructors, however much it is.
const MOST_PARAMETERS = 4;
const shortParameters = [
  'FunctionDeclaration',
  'ArrowFunctionExpression',
  'MethodDefinition[kind!="constructor"] > FunctionExpression',
].map((kind) => ({
  selector: `${kind}[params.length>${MOST_PARAMETERS}]`,
  message: `A function has at most ${MOST_PARAMETERS} parameters.`,
}));

export default tseslint.config(
  { ignores: ['dist/', 'coverage/', 'node_modules/', '.data/', '**/generated/', 'examples/', 'prisma.config.ts'] },
  {
    files: ['apps/**/*.{ts,tsx}', 'libs/**/*.ts', 'test/**/*.ts', 'bench/**/*.ts'],
    ignores: ['apps/console/vite.config.ts'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-extraneous-class': 'off',
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 45, skipBlankLines: true, skipComments: true }],
      complexity: ['error', 10],
      'max-depth': ['error', 3],
      eqeqeq: 'error',
      'no-else-return': ['error', { allowElseIf: false }],
      'prefer-const': 'error',
      'no-console': 'error',
      'no-restricted-syntax': ['error', noEnv, ...shortParameters],
    },
  },
  {
    // The browser's part: types of its own, and markup that is longer than code.
    files: ['apps/console/src/**/*.{ts,tsx}'],
    languageOptions: { parserOptions: { project: './apps/console/tsconfig.json' } },
    rules: {
      'max-lines-per-function': ['error', { max: 90, skipBlankLines: true, skipComments: true }],
      // Markup that shows or leaves out counts as a branch.
      complexity: ['error', 15],
      '@typescript-eslint/only-throw-error': 'off',
    },
  },
  {
    // Nest finds what to inject by the types of constructor parameters, so those imports must stay values.
    files: ['apps/**/*.ts', 'libs/{database,delivery,queue,platform}/**/*.ts'],
    rules: { '@typescript-eslint/consistent-type-imports': 'off' },
  },
  {
    files: ['libs/core/**/*.ts', 'libs/delivery/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', noEnv, ...shortParameters, ...noClock] },
  },
  {
    files: [
      'libs/platform/src/config/**/*.ts',
      // The published client's own command.
      'libs/client/src/cli/run.ts',
      'apps/simulator/src/config.ts',
      'bench/**/*.ts',
    ],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    files: specs,
    rules: {
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': 'off',
      'no-restricted-syntax': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
);
