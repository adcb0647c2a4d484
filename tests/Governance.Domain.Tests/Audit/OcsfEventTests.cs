using Governance.Domain.Audit;

namespace Governance.Domain.Tests.Audit;

public sealed class OcsfEventTests
{
    [Theory]
    [InlineData("sign_in.succeeded", AuditCategory.Authentication, 300201)]
    [InlineData("session.ended", AuditCategory.Authentication, 300202)]
    [InlineData("second_factor.refused", AuditCategory.Authentication, 300299)]
    [InlineData("password.changed", AuditCategory.Authentication, 300103)]
    [InlineData("passkey.added", AuditCategory.Authentication, 300110)]
    [InlineData("person.disabled", AuditCategory.Access, 300105)]
    [InlineData("grant.revoked", AuditCategory.Access, 300404)]
    [InlineData("organization.settings_changed", AuditCategory.Configuration, 300403)]
    [InlineData("export.created", AuditCategory.DataAccess, 600302)]
    [InlineData("call.succeeded", AuditCategory.Usage, 600399)]
    [InlineData("audit.heartbeat", AuditCategory.Audit, 300499)]
    public void Of_Action_IsOfTheClassThatToolsExpect(string action, AuditCategory category, int type)
    {
        var json = OcsfEvent.Of(Leaf with { Action = action, Category = category }, 7);
        Assert.Equal(type, json["type_uid"]!.GetValue<int>());
        Assert.Equal(type, (json["class_uid"]!.GetValue<int>() * 100) + json["activity_id"]!.GetValue<int>());
        Assert.Equal(json["class_uid"]!.GetValue<int>() / 1000, json["category_uid"]!.GetValue<int>());
    }

    [Fact]
    public void Of_Leaf_SaysWhichEntryItIs()
    {
        var json = OcsfEvent.Of(Leaf, 7);
        Assert.Equal($"evt_{Leaf.Id:n}", json["metadata"]!["uid"]!.GetValue<string>());
        Assert.Equal(7, json["metadata"]!["sequence"]!.GetValue<long>());
        Assert.Equal((3, 2, "wrong_password"), (json["severity_id"]!.GetValue<int>(), json["status_id"]!.GetValue<int>(), json["status_detail"]!.GetValue<string>()));
        Assert.Equal("token", json["actor"]!["user"]!["uid"]!.GetValue<string>());
        Assert.Equal(Leaf.At.ToUnixTimeMilliseconds(), json["time"]!.GetValue<long>());
    }

    private static AuditLeaf Leaf => new()
    {
        Log = "governance/audit/0",
        Id = new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11),
        At = new DateTimeOffset(2026, 11, 2, 9, 0, 0, TimeSpan.Zero),
        ActorKind = AuditActorKind.Person,
        ActorRef = "token",
        Action = "sign_in.failed",
        Category = AuditCategory.Authentication,
        Severity = AuditSeverity.Warning,
        Outcome = AuditOutcome.Failure,
        ResourceType = "person",
        ResourceRef = "token",
        Reason = "wrong_password",
        Parts = [],
    };
}
