export type Provider = 'ncp' | 'nhn';
