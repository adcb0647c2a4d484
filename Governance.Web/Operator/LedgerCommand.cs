using System.CommandLine;
using System.Globalization;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Proxy.Ledger;
using Microsoft.EntityFrameworkCore;

namespace Governance.Web.Operator;

/// <summary><c>ledger prove</c> and <c>ledger rebuild</c>: whether rollups and budgets are what the ledger adds up to, and making rollups anew.</summary>
internal static class LedgerCommand
{
    public static Command Build()
    {
        var prove = new Command("prove", "Computes every rollup and budget anew from the ledger's entries and compares. The program may run meanwhile.");
        prove.SetAction((_, cancellation) => OperatorHost.RunAsync(services => ProveAsync(services, cancellation), cancellation));
        var rebuild = new Command("rebuild", "Makes the rollups anew from the ledger's entries. Calls wait while it runs.");
        rebuild.SetAction((_, cancellation) => OperatorHost.RunAsync(services => RebuildAsync(services, cancellation), cancellation));
        return new Command("ledger", "The cost ledger.") { prove, rebuild };
    }

    private static async Task<string?> ProveAsync(IServiceProvider services, CancellationToken cancellation)
    {
        var wrong = 0;
        foreach (var (id, name) in await OrganizationsAsync(services, cancellation))
        {
            var proof = await services.GetRequiredService<LedgerProof>().ProveAsync(id, cancellation);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {proof.Entries:N0} entries, {proof.Rollups:N0} rollups, {proof.Differences.Count} differences"));
            foreach (var difference in proof.Differences) Console.WriteLine($"  {difference}");
            wrong += proof.Differences.Count;
        }

        return wrong == 0 ? null : "Rollups or budgets are not what the ledger adds up to. 'ledger rebuild' makes the rollups anew; the entries are the truth.";
    }

    private static async Task<string?> RebuildAsync(IServiceProvider services, CancellationToken cancellation)
    {
        foreach (var (id, name) in await OrganizationsAsync(services, cancellation))
        {
            var entries = await services.GetRequiredService<LedgerProof>().RebuildAsync(id, cancellation);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: rollups made anew from {entries:N0} entries"));
        }

        return null;
    }

    private static async Task<IReadOnlyList<(Guid Id, string Name)>> OrganizationsAsync(IServiceProvider services, CancellationToken cancellation)
    {
        await using var db = services.GetRequiredService<GovernanceDatabase>().AcrossOrganizations();
        return [.. (await db.Organizations.OrderBy(row => row.Name).Select(row => new { row.Id, row.Name }).ToListAsync(cancellation)).Select(row => (row.Id, row.Name))];
    }
}
