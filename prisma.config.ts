import { defineConfig } from 'prisma/config';

// The datasource URL is given at run time (libs/database); Prisma's own CLI reads it from DATABASE_URL.
export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
});
