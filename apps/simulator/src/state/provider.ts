/** The kind of a vendor; `vendors/vendors.ts` lists them. */
export type Provider = string;
