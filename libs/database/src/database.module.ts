import { CLOCK, CONFIG, LOGGER, type GatewayConfig, type Logger } from '@gateway/platform';
import { Global, Module, type DynamicModule, type OnApplicationShutdown, type Provider } from '@nestjs/common';
import { ContentVault } from './contents/content-vault.js';
import { Database, openDatabase } from './database.js';
import { repositories } from './repositories.js';

const clock = { provide: CLOCK, useFactory: (database: Database) => database.clock, inject: [Database] };

/** One process's connections to PostgreSQL, and each repository once. */
@Global()
@Module({})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(private readonly database: Database) {}

  /** For the processes of a gateway. */
  static forRoot(options: {
    readonly url: string;
    readonly connections: number;
    readonly applicationName: string;
  }): DynamicModule {
    return moduleWith({
      provide: Database,
      useFactory: ({ databaseLimits: limits, contents, erasures }: GatewayConfig, log: Logger) =>
        openDatabase({
          ...options,
          limits,
          erasureKeys: erasures.keys,
          contents: new ContentVault(contents),
          onError: (err) => log.warn({ err }, 'connection trouble'),
        }),
      inject: [CONFIG, LOGGER],
    });
  }

  /** For a program that has opened the database itself. */
  static over(database: Database): DynamicModule {
    return moduleWith({ provide: Database, useValue: database });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.database.close();
  }
}

function moduleWith(database: Provider<Database>): DynamicModule {
  const providers = [database, clock, ...repositories];
  return { module: DatabaseModule, providers, exports: providers };
}
