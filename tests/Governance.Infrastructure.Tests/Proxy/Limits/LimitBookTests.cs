using Governance.Domain.Proxy.Limits;
using Governance.Infrastructure.Proxy.Limits;

namespace Governance.Infrastructure.Tests.Proxy.Limits;

public sealed class LimitBookTests
{
    private static readonly DateTimeOffset Start = FakeTime.DefaultStart;

    [Fact]
    public async Task Enter_ManyAtOnce_ExactlyTheLimitPasses()
    {
        var book = new LimitBook(maxCounters: 100);
        var key = Guid.CreateVersion7(Start);
        var passed = 0;
        await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(() =>
        {
            for (var call = 0; call < 200; call++)
            {
                var (lease, _) = Enter(book, LimitScope.Key, key, new LimitValues(5_000, 1_000_000, 64));
                if (lease is null) continue;
                Interlocked.Increment(ref passed);
                lease.End(10);
            }
        })));
        Assert.Equal(5_000, passed);
        book.ForEach((_, quota) => Assert.Equal(quota.Metric switch { LimitMetric.Requests => 5_000, LimitMetric.Tokens => 50_000, _ => 0 }, quota.Used(Start)));
    }

    [Fact]
    public void Enter_MoreAddressesThanAreCounted_TheRestIsCountedTogether()
    {
        var book = new LimitBook(maxCounters: 100);
        var passed = Enumerable.Range(0, 1_000).Count(_ => Enter(book, LimitScope.Address, Guid.CreateVersion7(), new LimitValues(5, null, null)).Lease is not null);
        Assert.Equal((101, 105), (book.Count, passed));

        // Once the others are idle there is room again.
        Assert.NotNull(Enter(book, LimitScope.Address, Guid.CreateVersion7(), new LimitValues(5, null, null), Start.AddSeconds(70)).Lease);
        Assert.InRange(book.Count, 1, 2);
    }

    [Fact]
    public void Sweep_CallsThatGoOn_AreNotForgotten()
    {
        var book = new LimitBook(maxCounters: 100);
        var (lease, _) = Enter(book, LimitScope.Key, Guid.CreateVersion7(Start), new LimitValues(null, null, 1));
        book.Sweep(Start.AddHours(1));
        Assert.Equal(1, book.Count);
        lease!.Dispose();
        lease.Dispose();
        book.ForEach((_, quota) => Assert.Equal(0, quota.Used(Start)));
        book.Sweep(Start.AddHours(1));
        Assert.Equal(0, book.Count);
    }

    private static (LimitLease? Lease, LimitRefusal? Refusal) Enter(LimitBook book, LimitScope scope, Guid id, LimitValues values, DateTimeOffset? at = null) =>
        book.Enter([new AppliedLimit(scope, id, values)], tokens: 10, at ?? Start, Membership.Alone);
}
