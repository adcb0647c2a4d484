using System.Security.Cryptography;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Organizations;
using Governance.Infrastructure.Proxy;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Governance.Infrastructure.Tests.Data;

/// <summary>Makes a row of any entity type for an organisation, with its foreign keys pointing at that organisation's other rows.</summary>
internal sealed class RowFactory(GovernanceDbContext db, Guid organizationId)
{
    private readonly Dictionary<Type, object> _ids = [];
    private int _count;

    /// <summary>Every governed entity type, those that others point at first.</summary>
    public static IReadOnlyList<IEntityType> OwnedTypes(GovernanceDbContext db)
    {
        var remaining = db.Model.GetEntityTypes().Where(type => typeof(IOrganizationOwned).IsAssignableFrom(type.ClrType)).ToList();
        var ordered = new List<IEntityType>();
        while (remaining.Count > 0)
        {
            var next = remaining.First(type => type.GetForeignKeys().All(key => key.PrincipalEntityType == type || !remaining.Contains(key.PrincipalEntityType)));
            ordered.Add(next);
            remaining.Remove(next);
        }

        return ordered;
    }

    /// <summary>Whether an organisation has exactly one row of a type, from its first moment.</summary>
    public static bool ComesWithOrganization(IEntityType type) => type.ClrType == typeof(OrganizationSettings);

    /// <summary>Adds a row; the caller saves.</summary>
    public object Add(IEntityType type)
    {
        var row = Activator.CreateInstance(type.ClrType)!;
        var entry = db.Entry(row);
        foreach (var property in type.GetProperties().Where(property => !property.IsShadowProperty()))
        {
            if (Value(property) is { } value) entry.Property(property.Name).CurrentValue = value;
        }

        entry.State = EntityState.Added;
        _ids[type.ClrType] = entry.Property(type.FindPrimaryKey()!.Properties[0].Name).CurrentValue!;
        return row;
    }

    private object? Value(IProperty property)
    {
        if (property.Name == nameof(IOrganizationOwned.OrganizationId)) return organizationId;
        if (property.GetContainingForeignKeys().FirstOrDefault() is { } key) return _ids.GetValueOrDefault(key.PrincipalEntityType.ClrType);
        var type = Nullable.GetUnderlyingType(property.ClrType) ?? property.ClrType;
        if (type == typeof(Guid)) return Guid.CreateVersion7(FakeTime.DefaultStart);
        if (type == typeof(CallSource)) return CallSource.Import; // The outcome of a proxied call is booked by the ledger alone.
        if (type == typeof(string)) return $"t{_count++}-{organizationId:n}" is var text && property.GetMaxLength() is { } max && max < text.Length ? text[..max] : text;
        if (type == typeof(byte[])) return RandomNumberGenerator.GetBytes(32);
        if (type == typeof(DateTimeOffset)) return FakeTime.DefaultStart;
        if (type == typeof(DateOnly)) return new DateOnly(2026, 11, 2);
        if (type == typeof(int)) return 1;
        if (type == typeof(long)) return 1L;
        if (type == typeof(bool)) return false;
        return type.IsEnum ? Enum.GetValues(type).GetValue(0) : null;
    }
}
