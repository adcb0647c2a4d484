using Governance.Domain.Identity;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Data.Postgres;

public sealed class PostgresGovernanceDbContext(DbContextOptions<PostgresGovernanceDbContext> options, Guid? organizationId, Reach reach)
    : GovernanceDbContext(options, organizationId, reach);
