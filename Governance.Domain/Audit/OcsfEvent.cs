using System.Globalization;
using System.Text.Json.Nodes;

namespace Governance.Domain.Audit;

/// <summary>
/// An event in the form that security tools understand: OCSF (https://schema.ocsf.io). It is made of the leaf, which names nobody: people
/// are tokens, and network addresses stay here. Of the same entry always the same comes out.
/// </summary>
public static class OcsfEvent
{
    private const string Version = "1.3.0";
    private const string Product = "Governance";

    /// <param name="leaf">The event.</param>
    /// <param name="index">Its place in the log; none for an event that is in none, such as a test.</param>
    public static JsonObject Of(AuditLeaf leaf, long? index)
    {
        var ocsf = OcsfClass.Of(leaf);
        var json = new JsonObject
        {
            ["class_uid"] = ocsf.Uid,
            ["category_uid"] = ocsf.Category,
            ["activity_id"] = ocsf.Activity,
            ["activity_name"] = leaf.Action,
            ["type_uid"] = ocsf.Type,
            ["severity_id"] = SeverityOf(leaf.Severity),
            ["status_id"] = leaf.Outcome == AuditOutcome.Success ? 1 : 2,
            ["status"] = leaf.Outcome == AuditOutcome.Success ? "Success" : "Failure",
            ["time"] = leaf.At.ToUnixTimeMilliseconds(),
            ["message"] = leaf.Action,
            ["metadata"] = MetadataOf(leaf, index),
            ["actor"] = new JsonObject { ["user"] = ActorOf(leaf) },
        };
        if (leaf.Outcome == AuditOutcome.Denied) json["status_code"] = AuditLeaf.NameOf(leaf.Outcome);
        if (leaf.Reason is { } reason) json["status_detail"] = reason;
        AddOfClass(json, ocsf, leaf);

        var unmapped = new JsonObject { ["category"] = AuditLeaf.NameOf(leaf.Category) };
        if (leaf.Policy is { } policy) unmapped["policy"] = policy;
        if (leaf.Source is { } source) unmapped["source"] = source;
        json["unmapped"] = unmapped;
        return json;
    }

    private static JsonObject MetadataOf(AuditLeaf leaf, long? index)
    {
        var metadata = new JsonObject
        {
            ["version"] = Version,
            ["product"] = new JsonObject { ["name"] = Product, ["vendor_name"] = Product },
            ["uid"] = PublicId.Format(PublicId.AuditEvent, leaf.Id),
            ["event_code"] = leaf.Action,
            ["log_name"] = leaf.Log,
            ["original_time"] = leaf.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture),
        };
        if (index is { } place) metadata["sequence"] = place;
        if (leaf.Request is { } request) metadata["correlation_uid"] = request;
        return metadata;
    }

    /// <summary>What the class requires besides.</summary>
    private static void AddOfClass(JsonObject json, OcsfClass ocsf, AuditLeaf leaf)
    {
        switch (ocsf.Uid)
        {
            case OcsfClass.AccountChange:
                json["user"] = SubjectOf(leaf);
                break;
            case OcsfClass.Authentication:
                json["user"] = SubjectOf(leaf);
                json["service"] = new JsonObject { ["name"] = Product };
                break;
            case OcsfClass.EntityManagement:
                json["entity"] = ResourceOf(leaf);
                break;
            default:
                json["api"] = new JsonObject { ["operation"] = leaf.Action, ["service"] = new JsonObject { ["name"] = leaf.Source ?? Product } };
                json["resources"] = new JsonArray(ResourceOf(leaf));
                json["src_endpoint"] = new JsonObject { ["svc_name"] = leaf.Source ?? Product }; // The class requires one; where somebody called from stays here.
                break;
        }
    }

    /// <summary>Whose account it is about: the person the event names, else whoever acted.</summary>
    private static JsonObject SubjectOf(AuditLeaf leaf) =>
        leaf is { ResourceType: "person", ResourceRef: { } person } ? new JsonObject { ["uid"] = person, ["type_id"] = 1 } : ActorOf(leaf);

    private static JsonObject ActorOf(AuditLeaf leaf)
    {
        var kind = AuditLeaf.NameOf(leaf.ActorKind);
        var (type, named) = leaf.ActorKind switch
        {
            AuditActorKind.Person => (1, false),
            AuditActorKind.System => (3, false),
            AuditActorKind.Anonymous => (0, false),
            _ => (OcsfClass.Other, true),
        };
        var user = new JsonObject { ["type_id"] = type };
        if (leaf.ActorRef is { } reference) user["uid"] = reference;
        else user["name"] = kind;
        if (named) user["type"] = kind;
        return user;
    }

    private static JsonObject ResourceOf(AuditLeaf leaf)
    {
        var resource = new JsonObject { ["type"] = leaf.ResourceType };
        if (leaf.ResourceRef is { } reference) resource["uid"] = reference;
        else resource["name"] = leaf.ResourceType;
        return resource;
    }

    private static int SeverityOf(AuditSeverity severity) => severity switch
    {
        AuditSeverity.Info => 1,
        AuditSeverity.Notice => 2,
        AuditSeverity.Warning => 3,
        _ => 5,
    };
}
