using FsCheck;
using FsCheck.Fluent;
using Governance.Domain.Privacy;

namespace Governance.Domain.Tests.Privacy;

public sealed class CaptureChoiceTests
{
    private static readonly Guid[] Applications = [new(1, 0, 0, new byte[8]), new(2, 0, 0, new byte[8])];
    private static readonly string[] Classes = ["internal", "personal"];

    private static readonly Gen<CaptureChoice> Rules =
        from application in Gen.Elements<Guid?>(null, Applications[0], Applications[1])
        from dataClass in Gen.Elements<string?>(null, Classes[0], Classes[1])
        from days in Gen.Choose(1, 365)
        from enabled in Gen.Elements(true, false)
        select new CaptureChoice(application, dataClass, CapturedSides.Both, days, enabled);

    [Fact]
    public void For_NoRule_IsNothing() => Assert.Null(CaptureChoice.For([], Applications[0], Classes[0]));

    [Fact]
    public void For_AnyRules_IsTheFirstThatIsThereFromTheMostSpecificDown() => Law.Holds(Gen.ListOf(Rules), rules =>
    {
        // One rule at most is about the same calls.
        var distinct = rules.DistinctBy(rule => (rule.ApplicationId, rule.DataClass)).ToList();
        foreach (var application in Applications)
        {
            foreach (var dataClass in Classes)
            {
                (Guid?, string?)[] order = [(application, dataClass), (application, null), (null, dataClass), (null, null)];
                var decides = order.Select(key => distinct.SingleOrDefault(rule => (rule.ApplicationId, rule.DataClass) == key)).FirstOrDefault(rule => rule is not null);
                Assert.Equal(decides is { Enabled: true } ? decides : null, CaptureChoice.For(distinct, application, dataClass));
            }
        }
    });

    [Fact]
    public void For_CallWithoutApplication_IsCoveredByRulesForAllOnly()
    {
        var all = new CaptureChoice(null, null, CapturedSides.Prompts, 7, true);
        Assert.Equal(all, CaptureChoice.For([new CaptureChoice(Applications[0], null, CapturedSides.Both, 30, true), all], null, null));
    }
}
