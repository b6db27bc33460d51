export { aDatabase, GivenRows, type GivenMessage } from './given-rows.js';
