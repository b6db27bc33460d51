import { projectKey } from '../../shared/project-key.js';
import type { ServiceAccess } from '../signed-api.js';

/** No answer of v1 names the project, so its access key stands for it; regions are apart by their path (ncp.md §1.1). */
export const v1Project = ({ baseUrl, accessKey }: ServiceAccess): string => projectKey('naver v1', baseUrl, accessKey);
