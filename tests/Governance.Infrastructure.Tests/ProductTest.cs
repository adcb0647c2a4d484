using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Governance.Testing.Audit;
using Governance.Testing.Data;
using Governance.Testing.Server;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Tests;

/// <summary>A test with a database of its own, one process of the product on it, and one organisation in it.</summary>
public abstract class ProductTest : IAsyncLifetime
{
    protected TestDatabase Database { get; private set; } = null!;

    protected ProductProcess Process { get; private set; } = null!;

    protected Tenant Tenant { get; private set; } = null!;

    protected FakeTime Clock => Process.Clock;

    /// <summary>Where the organisation's days are counted.</summary>
    protected virtual string TimeZone => "Europe/Berlin";

    public async ValueTask InitializeAsync()
    {
        Database = await TestDatabase.CreateAsync();
        Process = await NewProcessAsync();
        Tenant = await Tenant.CreateAsync(Process.Services, TimeZone);
    }

    public virtual async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        await Database.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected virtual Task<ProductProcess> NewProcessAsync() => new ProductProcess(Database).StartAsync();

    protected T Get<T>()
        where T : notnull => Process.Get<T>();

    /// <summary>What the audit log says.</summary>
    protected Task<IReadOnlyList<RecordedEvent>> EventsAsync() => RecordedEvent.ReadAsync(Process.Database, Get<DataKeys>());

    /// <summary>Asks the database itself.</summary>
    protected async Task<T> QueryAsync<T>(Func<GovernanceDbContext, Task<T>> query)
    {
        await using var db = Process.Database.AcrossOrganizations();
        return await query(db);
    }

    protected Task<List<T>> RowsAsync<T>()
        where T : class => QueryAsync(db => db.Set<T>().AsNoTracking().ToListAsync());
}
