using FsCheck;
using FsCheck.Fluent;
using Governance.Domain.Proxy.Limits;

namespace Governance.Domain.Tests.Proxy.Limits;

/// <summary>Several processes that share a limit, each with its own view, exchanging one after the other.</summary>
public sealed class QuotaNeedTests
{
    private static readonly DateTimeOffset Start = FakeTime.DefaultStart;

    /// <summary>What happens: at a process, either an exchange or a call of an amount, some milliseconds after the last.</summary>
    private static Gen<(int Process, int Step, int Amount)[]> Happenings(int processes) => (
        from process in Gen.Choose(0, processes - 1)
        from step in Gen.Frequency((6, Gen.Choose(0, 60)), (2, Gen.Choose(0, 400)), (1, Gen.Choose(5_000, 30_000)))
        from amount in Gen.Frequency((2, Gen.Constant(0)), (4, Gen.Constant(1)), (1, Gen.Choose(2, 9)))
        select (process, step, amount)).ArrayOf();

    [Fact]
    public void NextCap_WhateverHappensWhere_AllTogetherNeverLetThroughMoreThanTheLimit() => Law.Holds(
        from processes in Gen.Choose(1, 5)
        from limit in Gen.Choose(1, 30)
        from happenings in Happenings(processes).Resize(400)
        select (processes, limit, happenings),
        sample =>
        {
            var (group, now) = (new Group(sample.processes, sample.limit), Start);
            foreach (var (process, step, amount) in sample.happenings)
            {
                now = now.AddMilliseconds(step);
                if (amount == 0) group.Exchange(process, now);
                else group.Call(process, now, Math.Min(amount, sample.limit));
                Assert.True(group.Used(now) <= sample.limit, $"{group.Used(now)} of {sample.limit}");
            }
        });

    [Theory]
    [InlineData(1, 4, 1)]
    [InlineData(3, 4, 1)]
    [InlineData(30, 2, 20)]
    [InlineData(100, 3, 50)]
    [InlineData(600, 2, 1)]
    public void NextCap_AllTrafficAtTheLastProcess_GetsTheWholeLimitWithinASecond(int limit, int processes, int amount)
    {
        var (group, now) = (new Group(processes, limit), Start);
        var passed = 0;
        for (var tick = 0; tick < 50; tick++, now = now.AddMilliseconds(20))
        {
            if (tick % 10 < processes) group.Exchange(tick % 10, now);
            for (var call = 0; call < 40; call++) passed += group.Call(processes - 1, now, amount) ? amount : 0;
        }

        Assert.Equal(limit / amount * amount, passed);
    }

    [Theory]
    [InlineData(30, 2, 20)]
    [InlineData(10, 3, 6)]
    [InlineData(600, 4, 1)]
    public void NextCap_AllHammerAtOnce_TheLimitIsUsedUpAndNobodyBlocksTheOthers(int limit, int processes, int amount)
    {
        var (group, now) = (new Group(processes, limit), Start);
        var passed = 0;
        for (var tick = 0; tick < 60 * 50 * 3; tick++, now = now.AddMilliseconds(20))
        {
            if (tick % 10 < processes) group.Exchange(tick % 10, now);
            for (var process = 0; process < processes; process++) passed += group.Call(process, now, amount) ? amount : 0;
        }

        Assert.InRange(passed, limit / amount * amount * 3 * 0.95, limit * 3);
    }

    [Fact]
    public void NextCap_TrafficMovesToAnotherProcess_ItsShareFollows()
    {
        var (group, now) = (new Group(2, 600), Start);
        var passed = 0;
        for (var tick = 0; tick < 60 * 50 * 4; tick++, now = now.AddMilliseconds(20))
        {
            if (tick % 10 < 2) group.Exchange(tick % 10, now);
            passed += group.Call(tick < 60 * 50 * 2 ? 0 : 1, now, 1) ? 1 : 0;
        }

        Assert.InRange(passed, 600 * 4 * 0.95, 600 * 4);
    }

    [Fact]
    public void PartOf_SomebodyJoins_NobodysPartGrowsAndAllAreTheLimit() => Law.Holds(
        from limit in Gen.Choose(0, 1_000)
        from count in Gen.Choose(1, 20)
        select (limit, count),
        sample =>
        {
            var parts = Enumerable.Range(0, sample.count).Select(rank => Membership.PartOf(sample.limit, rank, sample.count)).ToList();
            Assert.Equal(sample.limit, parts.Sum());
            Assert.All(parts, (part, rank) => Assert.True(Membership.PartOf(sample.limit, rank, sample.count + 1) <= part));
        });

    private sealed class Group
    {
        private readonly Member[] _members;

        public Group(int count, long limit) =>
            _members = [.. Enumerable.Range(0, count).Select(rank => new Member(new Quota(LimitMetric.Requests) { Limit = limit }, new Membership(rank, count, true)))];

        public long Used(DateTimeOffset now) => _members.Sum(member => member.Quota.Used(now));

        public bool Call(int process, DateTimeOffset now, long amount)
        {
            var (quota, membership) = (_members[process].Quota, _members[process].Membership);
            if (quota.Wait(now, amount, membership) is null)
            {
                quota.Enter(now, amount);
                return true;
            }

            quota.Refused(now, amount);
            return false;
        }

        /// <summary>Others are seen as they were at their own last exchange.</summary>
        public void Exchange(int process, DateTimeOffset now)
        {
            var me = _members[process];
            var need = me.Quota.Need(now, me.Membership);
            var others = _members.Where(other => other != me)
                .Select(other => other.Said with { IsEarlier = other.Membership.Rank < me.Membership.Rank }).ToList();
            var cap = need.NextCap(others, mayGrow: true);
            me.Quota.Cap = cap;
            me.Said = new QuotaClaim(cap, need.Used, need.Want, need.WantOne, need.Part, false);
        }

        private sealed class Member(Quota quota, Membership membership)
        {
            public Quota Quota => quota;

            public Membership Membership => membership;

            public QuotaClaim Said { get; set; } = new(null, 0, 0, 0, membership.PartOf(quota.Limit), false);
        }
    }
}
